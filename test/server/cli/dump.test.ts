import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { buildCsagentCrash } from '../../../agent/lab/evidence/csagent-crash.ts';
import { buildNtbtlog } from '../../../agent/lab/evidence/ntbtlog.ts';
import { buildSrtTrail } from '../../../agent/lab/evidence/srt-trail.ts';
import { runBootlog } from '../../../server/cli/bootlog.ts';
import { runDump } from '../../../server/cli/dump.ts';
import type { Terminal } from '../../../server/cli/terminal.ts';
import { memorySource } from '../../../shared/bytes/byte-source.ts';
import { readCrashDump } from '../../../shared/crashdump/read-crash-dump.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'bootmend-cli-'));
after(() => rmSync(folder, { recursive: true }));

function save(name: string, bytes: Uint8Array): string {
  const file = path.join(folder, name);
  writeFileSync(file, bytes);
  return file;
}

type Command = (argv: readonly string[], terminal: Terminal) => Promise<number>;

async function run(command: Command, argv: readonly string[], coloured = false) {
  let [out, error] = ['', ''];
  const exitCode = await command(argv, {
    out: text => void (out += text),
    error: text => void (error += text),
    coloured,
  });
  return { exitCode, out, error };
}

const crash = buildCsagentCrash({ capturedAt: new Date('2024-07-19T04:32:11.123Z') });

test('a person reads the culprit first, then what happened, and the lists last', async () => {
  const { exitCode, out, error } = await run(runDump, [save('crash.dmp', crash)]);
  assert.equal(exitCode, 0);
  assert.equal(error, '');
  const lines = out.split('\n');
  assert.equal(lines[0], 'csagent.sys is to blame (confidence high): the faulting instruction lies in it.');
  assert.equal(lines[2], 'PAGE_FAULT_IN_NONPAGED_AREA (0x50)');
  assert.equal(lines[3], 'A driver touched kernel memory that does not exist.');
  assert.match(out, / {2}where {7}csagent\.sys\+0xe14ed \(0xfffff806715114ed\), told by the bugcheck\n/);
  assert.match(out, / {2}when {8}2024-07-19 04:32:11\.123 UTC, 11\.4 s after start\n/);
  assert.match(out, /\n> csagent\.sys +0xfffff80671430000 +0x3b5000 /);
  assert.match(out, /\nModules \(18\)\n/);
  // oxlint-disable-next-line no-control-regex
  assert.doesNotMatch(out, /\u001b/);
});

test('a terminal that shows colours gets them', async () => {
  const { out } = await run(runDump, [save('crash.dmp', crash)], true);
  assert.ok(out.startsWith('\u001b[1;31mcsagent.sys\u001b[0m is to blame'));
});

test('with --json the answer is one document, as the reader gives it', async () => {
  const { exitCode, out, error } = await run(runDump, ['--json', save('crash.dmp', crash)]);
  assert.equal(exitCode, 0);
  assert.equal(error, '');
  const expected = readCrashDump(memorySource(crash));
  assert.ok(expected.ok);
  assert.deepEqual(JSON.parse(out), JSON.parse(JSON.stringify(expected.dump)));
});

test('a dump that was cut off is read as far as it goes, and what is missing is named', async () => {
  const { exitCode, out } = await run(runDump, [save('cut.dmp', crash.subarray(0, 0x3000))]);
  assert.equal(exitCode, 0);
  assert.match(out, /\nMissing\n/);
  assert.match(out, / {2}end-mark-missing {2}end of the dump .*cut off \(at offset \d+\)/);
});

test('what is no dump fails with a code and a place', async () => {
  const text = save('text.dmp', Buffer.from('hello, I am no dump at all'));
  const failed = await run(runDump, [text]);
  assert.equal(failed.exitCode, 1);
  assert.equal(failed.out, '');
  assert.match(failed.error, /^not-a-kernel-dump: .*PAGEDU64.*text\.dmp, dump header at offset 0\)\n$/);
  const asJson = await run(runDump, [text, '--json']);
  assert.equal(asJson.exitCode, 1);
  assert.equal((JSON.parse(asJson.out) as { problem: { code: string } }).problem.code, 'not-a-kernel-dump');
  assert.match((await run(runDump, [path.join(folder, 'none')])).error, /^file-not-found: /);
  assert.equal((await run(runDump, [])).exitCode, 2);
});

test('a boot log tells the driver loaded last, a repair trail its root cause', async () => {
  const path = String.raw`\SystemRoot\System32\drivers\CrowdStrike\csagent.sys`;
  const boots = [{ startedAt: new Date('2024-07-19T04:31:59.800Z'), osBuild: 22631, loaded: [path] }];
  const log = await run(runBootlog, [save('ntbtlog.txt', buildNtbtlog(boots))]);
  assert.equal(log.exitCode, 0);
  assert.match(log.out, /^csagent\.sys was loaded last in the newest start \(2024-07-19 04:31:59\.800\)\.\n/);

  const session = { windowsDirectory: String.raw`C:\Windows`, tests: [], rootCause: 'La causa.' };
  const trailFile = save('SrtTrail.txt', buildSrtTrail([session], 'es'));
  const trail = await run(runBootlog, [trailFile]);
  assert.equal(trail.exitCode, 0);
  assert.match(trail.out, /^La causa\.\n/);
  const json = JSON.parse((await run(runBootlog, [trailFile, '--json'])).out) as { format: string };
  assert.equal(json.format, 'srt-trail');
});

test('random bytes are no log', async () => {
  const bytes = Uint8Array.from({ length: 4096 }, (_, at) => (at * 7919 + (at >> 3) * 31) & 0xff);
  const { exitCode, out, error } = await run(runBootlog, [save('random.txt', bytes)]);
  assert.equal(exitCode, 1);
  assert.equal(out, '');
  assert.match(error, /^not-a-log: .*line 1\)\n$/);
});
