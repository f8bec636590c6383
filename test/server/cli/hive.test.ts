import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { buildHive } from '../../../agent/lab/registry/hive-builder.ts';
import { dword, key } from '../../../agent/lab/registry/key-plan.ts';
import { buildDirtyHive } from '../../../agent/lab/registry/log-builder.ts';
import {
  buildBootStore,
  buildSoftwareHive,
  buildSystemHive,
  planSystemHive,
} from '../../../agent/lab/registry/windows-hives.ts';
import { runHive } from '../../../server/cli/hive.ts';
import { memorySource } from '../../../shared/bytes/byte-source.ts';
import { describeHive } from '../../../shared/registry/describe-hive.ts';
import { recoverHive } from '../../../shared/registry/recover-hive.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'bootmend-cli-hive-'));
after(() => rmSync(folder, { recursive: true }));

function save(name: string, bytes: Uint8Array): string {
  const file = path.join(folder, name);
  writeFileSync(file, bytes);
  return file;
}

async function run(...argv: string[]) {
  let [out, error] = ['', ''];
  const exitCode = await runHive(argv, {
    out: text => void (out += text),
    error: text => void (error += text),
    coloured: false,
  });
  return { exitCode, out, error };
}

const system = buildSystemHive({
  computerName: 'LAB-7',
  diskFilters: ['cntflt'],
  pendingRenames: ['\\??\\C:\\a.tmp', ''],
});

test('a person reads what the hive is, whether it is whole, and how Windows starts', async () => {
  const { exitCode, out, error } = await run(save('SYSTEM', system));
  assert.deepEqual([exitCode, error], [0, '']);
  const lines = out.split('\n');
  assert.equal(lines[0], 'A SYSTEM hive: how Windows starts (SYSTEM)');
  assert.equal(lines[1], 'State: whole, nothing waits in logs.');
  assert.match(out, / {2}computer {9}LAB-7 in corp\.example\n/);
  assert.match(out, / {2}control set {6}ControlSet001\n/);
  assert.match(out, /\nBoot-start drivers in load order \(11\)\n {2}ACPI /);
  assert.match(out, / {2}storahci .*overridden: demand\n/);
  assert.match(out, / {2}DiskDrive {2}above: partmgr, cntflt\n/);
  assert.match(out, /\nPending at the next start \(1\)\n {2}delete {2}C:\\a\.tmp\n/);
});

test('a dirty hive is read with the logs beside it, and no file is changed', async () => {
  const drivers = [{ name: 'badflt', start: 0 }];
  const states = [{ computerName: 'LAB-7' }, { computerName: 'LAB-7', drivers }];
  const built = states.map(one => buildHive({ root: planSystemHive(one), fileName: 'SYSTEM' }));
  const dirty = buildDirtyHive(built);
  const file = save('system2', dirty.hive);
  const alone = await run(file);
  assert.match(alone.out, /State: dirty; newer changes wait in logs that are not here/);
  save('SYSTEM2.LOG1', dirty.log1);
  save('SYSTEM2.LOG2', dirty.log2);
  const before = readdirSync(folder).map(name => readFileSync(path.join(folder, name)));
  const { exitCode, out } = await run(file);
  assert.equal(exitCode, 0);
  assert.match(
    out,
    /State: dirty; its logs were replayed, so this is what Windows will see\.\n {2}replayed LOG1: 1 entries/,
  );
  assert.match(out, / {2}badflt /);
  assert.deepEqual(
    readdirSync(folder).map(name => readFileSync(path.join(folder, name))),
    before,
  );
});

test('with --json the answer is one document, as the reader gives it', async () => {
  const { exitCode, out, error } = await run('--json', save('SYSTEM', system));
  assert.deepEqual([exitCode, error], [0, '']);
  const recovered = recoverHive(memorySource(system));
  assert.ok(recovered.ok);
  assert.deepEqual(JSON.parse(out), JSON.parse(JSON.stringify(describeHive(recovered))));
});

test('SOFTWARE and BCD have their own pages', async () => {
  const guid = 'd3b07384-d9a0-4c1b-8f3e-2b1a4c5d6e7f';
  const packages = [{ name: 'Package_for_RollupFix~1', state: 0x60 }];
  const software = buildSoftwareHive({
    build: 26_100,
    revision: 4652,
    machineGuid: guid,
    packages,
    pending: ['RebootPending'],
  });
  const installed = await run(save('SOFTWARE', software));
  assert.match(installed.out, / {2}Windows {7}Windows 11 Pro 24H2 Professional\n {2}build {9}26100\.4652\n/);
  assert.match(installed.out, /waits: RebootPending/);
  assert.match(installed.out, /Packages not finished\n {2}Package_for_RollupFix~1 {2}install-pending\n/);
  const boot = await run(save('BCD', buildBootStore()));
  assert.match(boot.out, /recovery after failed starts {2}on, into Windows Recovery Environment\n/);
});

test('--key shows one key', async () => {
  const file = save('SYSTEM', system);
  const { out } = await run(file, '--key', 'select');
  assert.match(
    out,
    /^select, changed 2024-01-01T00:00:00\.000Z\n\nValues \(4\)\n {2}Current {8}REG_DWORD {2}1\n/,
  );
  const json = await run(file, '--json', '--key', 'ControlSet001\\Control\\Session Manager');
  const shown = JSON.parse(json.out);
  assert.deepEqual(shown.values[0], {
    name: 'BootExecute',
    type: 'REG_MULTI_SZ',
    sizeBytes: 42,
    content: ['autocheck autochk *'],
  });
  assert.deepEqual(shown.subkeys, ['Environment', 'Memory Management']);
  const absent = await run(file, '--key', 'nothing');
  assert.equal(absent.exitCode, 1);
  assert.match(absent.error, /^key-absent: /);
});

test('what is no hive fails with a code and a place', async () => {
  const none = await run(save('text', Buffer.from('hello'.repeat(200))), '--json');
  assert.equal(none.exitCode, 1);
  assert.match(none.error, /^not-a-hive: .*base-block at offset 0\)\n$/);
  assert.equal(JSON.parse(none.out).problem.code, 'not-a-hive');
  const absent = await run(path.join(folder, 'absent'));
  assert.equal(absent.exitCode, 1);
  assert.match(absent.error, /^file-not-found: /);
});

test('text from a hive cannot forge lines of the terminal', async () => {
  const root = key('R', [], [key('a\u001b[2Jb', [dword('x\ny', 1)])]);
  const { out } = await run(save('forged', buildHive({ root })), '--key', 'a\u001b[2Jb');
  // oxlint-disable-next-line no-control-regex
  assert.doesNotMatch(out, /\u001b|x\ny/);
});

test('wrong arguments give the usage', async () => {
  for (const argv of [[], ['a', '--key'], ['a', 'b', '--key', 'c']]) {
    const { exitCode, error } = await run(...argv);
    assert.equal(exitCode, 2);
    assert.match(error, /^Usage: bootmend hive PATH/);
  }
});
