import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { before, test } from 'node:test';
import { buildNtbtlog } from '../../../../agent/lab/evidence/ntbtlog.ts';
import { runBootlog } from '../../../../server/cli/bootlog.ts';
import { runDump } from '../../../../server/cli/dump.ts';
import type { GatheredFile } from '../../../../server/cli/evidence/gather-evidence.ts';
import { gatherEvidence } from '../../../../server/cli/evidence/gather-evidence.ts';
import { walkFolder } from '../../../../server/cli/evidence/walk-folder.ts';
import { runHive } from '../../../../server/cli/hive.ts';
import { runRead } from '../../../../server/cli/read.ts';
import type { Terminal } from '../../../../server/cli/terminal.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { caseFiles } from './case-files.ts';
import { buildZip } from './zip-builder.ts';

const folder = temporaryFolder();
const inFolder = (...parts: string[]) => path.join(folder, ...parts);
const archive = inFolder('case.zip');

before(() => {
  mkdirSync(inFolder('case/deep/er'), { recursive: true });
  for (const [name, { bytes }] of Object.entries(caseFiles)) {
    writeFileSync(inFolder('case/deep/er', name), bytes);
  }
  const entries = Object.entries(caseFiles).map(([name, { bytes }]) => ({
    name: `deep/${name}`,
    data: bytes,
  }));
  writeFileSync(archive, buildZip(entries));
});

async function run(command: (argv: string[], terminal: Terminal) => Promise<number>, ...argv: string[]) {
  let [out, error] = ['', ''];
  const exitCode = await command(argv, {
    out: text => void (out += text),
    error: text => void (error += text),
    coloured: false,
  });
  return { exitCode, out, error };
}

interface Document {
  readonly files: readonly (GatheredFile & { readonly kind: string })[];
  readonly passedOver: number;
}

const kindsOf = (files: readonly GatheredFile[]) =>
  Object.fromEntries(files.map(file => [path.basename(file.path), file.kind]));
const expectedKinds = Object.fromEntries(
  Object.entries(caseFiles).flatMap(([name, { kind }]) => (kind === null ? [] : [[name, kind]])),
);

test('every kind is recognised by what it holds, in a folder and in a ZIP, and equal in both', async () => {
  const everything = async (where: string) => await gatherEvidence([where], () => true);
  const [inside, packed] = [await everything(inFolder('case')), await everything(archive)];
  assert.deepEqual(kindsOf(inside.files), expectedKinds);
  assert.deepEqual(kindsOf(packed.files), expectedKinds);
  assert.equal(inside.passedOver, 6);
  const readings = (files: readonly GatheredFile[]) =>
    files.map(file => ('reading' in file ? file.reading : file));
  assert.deepEqual(readings(packed.files), readings(inside.files));
});

test('each command takes its own kinds out of a folder', async () => {
  const commands = [
    [runDump, ['f01']],
    [runHive, ['f11']],
    [runBootlog, ['f02', 'f03', 'f04', 'f05', 'f06', 'f07', 'f08', 'f09', 'f10']],
  ] as const;
  for (const [command, names] of commands) {
    const { exitCode, out, error } = await run(command, inFolder('case'), '--json');
    assert.deepEqual([exitCode, error], [0, '']);
    const document = JSON.parse(out) as Document;
    assert.deepEqual(
      document.files.map(file => path.basename(file.path)),
      names,
    );
    const text = await run(command, archive);
    assert.deepEqual([text.exitCode, text.error], [0, '']);
    for (const name of names) assert.ok(text.out.includes(`== ${archive}/deep/${name}\n`));
  }
});

test('a hive is read with the logs beside it, also inside of a ZIP', async () => {
  const { out } = await run(runHive, archive);
  assert.match(out, /its logs were replayed/);
  assert.match(out, / {2}badflt /);
});

test('what was named and cannot be read is a problem, what lies in a folder is passed over', async () => {
  const [dump, shopping] = [inFolder('case/deep/er/f01'), inFolder('case/deep/er/f20')];
  const { exitCode, out, error } = await run(runDump, dump, shopping, inFolder('absent'), '--json');
  assert.equal(exitCode, 1);
  const { files } = JSON.parse(out) as Document;
  assert.deepEqual(
    files.map(file => ('problem' in file ? file.problem.code : file.kind)),
    ['crash-dump', 'other-kind', 'file-not-found'],
  );
  assert.match(error, /^other-kind: .*f20\)\nfile-not-found: /);
  const none = await run(runDump, inFolder('case/deep/er/f20'), shopping);
  assert.equal(none.exitCode, 1);
  mkdirSync(inFolder('empty'), { recursive: true });
  assert.match((await run(runDump, inFolder('empty'))).error, /^nothing-found: /);
});

test('a file of a known kind that is broken makes the command fail and leaves the others', async () => {
  mkdirSync(inFolder('broken'), { recursive: true });
  writeFileSync(inFolder('broken/a.dmp'), caseFiles['f01']!.bytes);
  writeFileSync(inFolder('broken/b'), Buffer.from('regf and nothing more'));
  const { exitCode, out, error } = await run(runHive, inFolder('broken'), inFolder('case'));
  assert.equal(exitCode, 1);
  assert.match(out, /A SYSTEM hive/);
  assert.match(error, /broken\/b, base-block at offset 21\)\n$/);
});

test('folders are walked within limits, and links are not followed', () => {
  mkdirSync(inFolder('walk/a/b/c'), { recursive: true });
  for (const name of ['1', 'a/2', 'a/b/3', 'a/b/c/4']) writeFileSync(inFolder('walk', name), name);
  mkdirSync(inFolder('walk/a/WinSxS/amd64_x'), { recursive: true });
  for (const name of ['pending.xml', 'amd64_x/5']) writeFileSync(inFolder('walk/a/WinSxS', name), name);
  symlinkSync(folder, inFolder('walk/a/loop'));
  symlinkSync(inFolder('case/deep/er/f01'), inFolder('walk/a/link'));
  const walk = (limits?: { maxFiles: number; maxDepth: number }) =>
    [...walkFolder(inFolder('walk'), limits)].map(found =>
      'file' in found ? path.relative(inFolder('walk'), found.file.path) : found.problem.code,
    );
  assert.deepEqual(walk(), ['1', 'a/2', 'a/WinSxS/pending.xml', 'a/b/3', 'a/b/c/4']);
  assert.deepEqual(walk({ maxFiles: 2, maxDepth: 9 }), ['1', 'a/2', 'too-many-files']);
  assert.deepEqual(walk({ maxFiles: 9, maxDepth: 2 }), [
    '1',
    'a/2',
    'a/WinSxS/pending.xml',
    'a/b/3',
    'too-deep',
  ]);
});

test('an archive in an archive is named and not opened; nothing of an archive is written', async () => {
  const outer = inFolder('outer.zip');
  writeFileSync(outer, buildZip([{ name: 'inner.zip', data: buildZip([]) }]));
  const before = readdirSync(folder, { recursive: true });
  const { exitCode, error } = await run(runDump, outer);
  assert.equal(exitCode, 1);
  assert.match(error, /^archive-in-archive: .*outer\.zip\/inner\.zip\)\n/);
  assert.deepEqual(readdirSync(folder, { recursive: true }), before);
});

test('--redact takes names of people and machines out of everything that is shown', async () => {
  for (const command of [runHive, runBootlog]) {
    for (const extra of [[], ['--json']]) {
      const plain = await run(command, archive, ...extra);
      assert.match(plain.out, /anna/i);
      const redacted = await run(command, archive, '--redact', ...extra);
      assert.equal(redacted.exitCode, 0);
      assert.doesNotMatch(redacted.out + redacted.error, /anna/i);
    }
  }
  const single = await run(runHive, inFolder('case/deep/er/f11'), '--redact');
  assert.match(single.out, / {2}computer {9}host-1 in domain-1\n/);
});

test('text of evidence cannot forge lines or colours of the terminal', async () => {
  const loaded = ['\\SystemRoot\\evil\u001b[2J\u001b[31m.sys'];
  const log = buildNtbtlog([{ startedAt: new Date(0), osBuild: 22_631, loaded }]);
  writeFileSync(inFolder('forged\u001b[2J.txt'), log);
  for (const paths of [
    [inFolder('forged\u001b[2J.txt')],
    [inFolder('forged\u001b[2J.txt'), inFolder('absent\u001b[2J')],
  ]) {
    for (const command of [runBootlog, runRead]) {
      const { out, error } = await run(command, ...paths);
      assert.match(out, /evil/);
      // oxlint-disable-next-line no-control-regex
      assert.doesNotMatch(out + error, /\u001b/);
    }
  }
});
