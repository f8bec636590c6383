import assert from 'node:assert/strict';
import { cpSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { before, test } from 'node:test';
import { buildBootStatus } from '../../../agent/lab/logs/boot-status.ts';
import { runLab } from '../../../server/cli/lab.ts';
import { runRead } from '../../../server/cli/read.ts';
import { parseFacts } from '../../../shared/facts/parse-facts.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { caseFiles } from './evidence/case-files.ts';
import { buildZip } from './evidence/zip-builder.ts';

const folder = temporaryFolder();
const inFolder = (...parts: string[]) => path.join(folder, ...parts);

before(async () => {
  for (const id of ['crowdstrike-2024-07-19', 'crowdstrike-2024-07-19-near-miss'])
    await runLab(['make', id, '--to', inFolder(id)]);
  const entries = Object.entries(caseFiles).map(([name, { bytes }]) => ({ name, data: bytes }));
  writeFileSync(inFolder('case.zip'), buildZip(entries));
});

async function run(...argv: string[]) {
  let [out, error] = ['', ''];
  const exitCode = await runRead(argv, {
    out: text => void (out += text),
    error: text => void (error += text),
    coloured: false,
  });
  return { exitCode, out, error };
}

interface Document {
  readonly suspect: { readonly module: string | null; readonly confidence: string };
  readonly happened: readonly { readonly sentence: string; readonly path: string }[];
  readonly advice: readonly string[];
  readonly facts: Record<string, unknown>;
  readonly matches: readonly { readonly id: string }[];
  readonly files: readonly { readonly path: string }[];
}

test('the disk of a machine with a known issue is explained with its remediation', async () => {
  const { exitCode, out, error } = await run(inFolder('crowdstrike-2024-07-19/C'));
  assert.deepEqual([exitCode, error], [0, '']);
  const lines = out.split('\n');
  assert.equal(lines[0], 'csagent.sys is suspected (confidence high): the faulting instruction lies in it.');
  assert.match(lines[1]!, /^Known issue: CrowdStrike channel file 291 .*\(crowdstrike-2024-07-19\)$/);
  assert.match(
    out,
    /\nWhat happened\n {2}Windows stopped with PAGE_FAULT_IN_NONPAGED_AREA \(0x50\), 2024-07-19 /,
  );
  assert.match(out, /Have the script .* review crowdstrike-2024-07-19 --to PAPER\n/);
  assert.match(out, /- Deletes up to 4 files named C-00000291\*\.sys/);
});

test('a machine that only looks like it is told apart, and what does not hold is said', async () => {
  const { exitCode, out } = await run(inFolder('crowdstrike-2024-07-19-near-miss/C'));
  assert.equal(exitCode, 0);
  assert.match(out, /\nNearly a known issue: .*\n/);
  assert.match(out, /\n {2}no {3}There is no file C-00000291/);
  assert.doesNotMatch(out, /review crowdstrike/);
});

test('the facts are those of the vocabulary, and absence is claimed only of a whole Windows', async () => {
  const machine = inFolder('crowdstrike-2024-07-19/C');
  const whole = JSON.parse((await run(machine, '--json')).out) as Document;
  assert.deepEqual(parseFacts(whole.facts).dropped, []);
  assert.deepEqual(
    whole.matches.map(one => one.id),
    ['crowdstrike-2024-07-19'],
  );
  assert.equal(whole.facts['driver.csagent.version'], '7.15.18513.0');
  const searched = String.raw`searched.%systemroot%\system32\drivers\**`;
  assert.ok(searched in whole.facts);
  const picked = inFolder('picked/Windows/System32');
  mkdirSync(picked, { recursive: true });
  cpSync(path.join(machine, 'Windows/System32/drivers'), path.join(picked, 'drivers'), {
    recursive: true,
    preserveTimestamps: true,
  });
  const part = JSON.parse((await run(inFolder('picked'), '--json')).out) as Document;
  assert.ok(!(searched in part.facts));
  assert.deepEqual(part.matches, []);
});

test('a ZIP with every kind of evidence is told in order of what says most', async () => {
  const { out, exitCode } = await run(inFolder('case.zip'), '--json');
  assert.equal(exitCode, 0);
  const { happened, suspect, advice } = JSON.parse(out) as Document;
  assert.equal(suspect.module, 'csagent.sys');
  assert.deepEqual(
    happened.map(one => path.basename(one.path)),
    ['f01', 'f10', 'f03', 'f02', 'f09', 'f04', 'f06', 'f07'],
  );
  assert.ok(advice.length > 0);
});

test('without a dump the driver loaded last is a weak suspect, and the next evidence is named', async () => {
  const log = inFolder('ntbtlog.txt');
  writeFileSync(log, caseFiles['f02']!.bytes);
  const { exitCode, out } = await run(log);
  assert.equal(exitCode, 0);
  assert.match(
    out,
    /^csagent\.sys is suspected \(confidence low\): it was loaded last in the newest start\.\n/,
  );
  assert.match(out, /No known issue matches\.\n/);
  assert.match(out, /\nWhat to try\n {2}Read Windows\\INF\\setupapi\.dev\.log/);
});

test('a crash that Windows ran after is shown and neither blamed nor matched', async () => {
  const folderOfCase = inFolder('older');
  mkdirSync(folderOfCase);
  writeFileSync(path.join(folderOfCase, 'dump'), caseFiles['f01']!.bytes);
  const aliveAt = (lastAliveAt: Date) =>
    writeFileSync(
      path.join(folderOfCase, 'status'),
      buildBootStatus({
        wasLastStartGood: false,
        wasLastStopClean: false,
        lastAliveAt,
        startNumber: 9,
        lastCleanStopNumber: 8,
      }),
    );
  aliveAt(new Date('2024-07-19T04:38:00Z'));
  assert.match((await run(folderOfCase)).out, /^csagent\.sys is suspected \(confidence high\)/);
  aliveAt(new Date('2024-07-19T04:44:00Z'));
  const { out } = await run(folderOfCase);
  assert.match(out, /^No driver is named/);
  assert.match(out, /\n {2}An older crash, PAGE_FAULT_IN_NONPAGED_AREA of 2024-07-19 .*not blamed/);
  const { facts } = JSON.parse((await run(folderOfCase, '--json')).out) as Document;
  assert.ok(!('crash.code' in facts));
});

test('two machines in one folder are never mixed', async () => {
  mkdirSync(inFolder('two'));
  for (const id of ['crowdstrike-2024-07-19', 'crowdstrike-2024-07-19-near-miss'])
    renameSync(inFolder(id), inFolder('two', id));
  const { out } = await run(inFolder('two'), '--json');
  const { facts, matches, advice } = JSON.parse(out) as Document;
  assert.deepEqual([facts, matches], [{}, []]);
  assert.match(advice[0]!, /more than one Windows/);
  rmSync(inFolder('two'), { recursive: true });
});

test('--redact takes names out of the explanation and the document', async () => {
  for (const extra of [[], ['--json']]) {
    const plain = await run(inFolder('case.zip'), '--redact', ...extra);
    assert.equal(plain.exitCode, 0);
    assert.doesNotMatch(plain.out + plain.error, /anna/i);
    assert.match(plain.out, /csagent\.sys/);
  }
});

test('nothing to read, wrong paths and no path fail', async () => {
  mkdirSync(inFolder('empty'));
  assert.match((await run(inFolder('empty'))).error, /^nothing-found: /);
  const absent = await run(inFolder('absent'));
  assert.equal(absent.exitCode, 1);
  assert.match(absent.error, /^file-not-found: /);
  assert.doesNotMatch(absent.out, /No driver is named/, 'nothing was read');
  assert.equal((await run()).exitCode, 2);
});
