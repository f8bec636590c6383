import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runRecovery } from '../../../agent/core/run-recovery.ts';
import { parsePath } from '../../../agent/host/windows-path.ts';
import { buildDirtyHive } from '../../../agent/lab/registry/log-builder.ts';
import { buildSoftwareHive, buildSystemHive } from '../../../agent/lab/registry/windows-hives.ts';
import { machine } from '../../../server/catalog/crowdstrike-2024-07-19/machine.ts';
import { createWorld, listFiles, type World } from '../support/world.ts';

const config = 'C:\\Windows\\System32\\config';
const brokenAtMs = Date.parse('2024-07-19T04:30:00Z');
const dayMs = 86_400_000;
const backup = buildSystemHive({ computerName: 'LAPTOP-4711' });

interface Broken {
  readonly script?: string;
  readonly bytes?: Uint8Array;
  readonly ageDays?: number;
  readonly files?: Readonly<Record<string, Uint8Array>>;
}

/** A machine whose SYSTEM hive nobody can read, with a backup of it. */
async function worldWith({
  script = 'restore hive SYSTEM from RegBack',
  bytes = backup,
  ageDays = 3,
  files = { SYSTEM: new Uint8Array(0x2000) },
}: Broken): Promise<World> {
  const world = await createWorld(machine, {
    decide: (told, server) =>
      told.kind === 'check-in'
        ? server.remediate(told.message, { script: `${script}\nreboot\n` })
        : { kind: 'carry-on' },
  });
  const place = (name: string, content: Uint8Array, writtenAtMs: number) =>
    world.disk.place(parsePath(`${config}\\${name}`).components, { bytes: content, writtenAtMs });
  for (const [name, content] of Object.entries(files)) place(name, content, brokenAtMs);
  place('RegBack\\SYSTEM', bytes, brokenAtMs - ageDays * dayMs);
  return world;
}

async function codeWith(broken: Broken): Promise<string | undefined> {
  const world = await worldWith(broken);
  const before = listFiles(world.disk);
  await runRecovery(world.start());
  const [outcome] = world.server.outcomes;
  if (outcome?.state !== 'applied') assert.deepEqual(listFiles(world.disk), before);
  return outcome?.code ?? outcome?.state;
}

const torn = () => buildDirtyHive([backup, buildSystemHive({ computerName: 'OTHER' })]).hive;

test('a backup that is whole and recent takes the place of a broken hive', async () => {
  assert.equal(await codeWith({}), 'applied');
});

test('an empty, damaged, foreign, half written, old or newer backup does not', async () => {
  const damaged = backup.slice();
  damaged.fill(0xff, 0x1000, 0x1800);
  const software = buildSoftwareHive({ build: 22631, revision: 3880, machineGuid: '0' });
  for (const bytes of [new Uint8Array(0), damaged, software, torn()])
    assert.equal(await codeWith({ bytes }), 'backup-not-usable');
  assert.equal(await codeWith({ ageDays: 31 }), 'backup-not-usable');
  assert.equal(await codeWith({ ageDays: -1 }), 'backup-not-usable');
});

test('a hive is not put in its place by one line and edited by another', async () => {
  const set = String.raw`set registry HKLM\SYSTEM\CurrentControlSet\Control\CrashControl value AutoReboot to number 0`;
  const files = { SYSTEM: backup };
  for (const script of [
    `restore hive SYSTEM from RegBack\n${set}`,
    `${set}\nrestore hive SYSTEM from RegBack`,
    'restore hive SYSTEM from RegBack\nrestore hive SYSTEM from RegBack',
  ])
    assert.equal(await codeWith({ script, files }), 'changed-twice', script);
});

test('a replay goes together with edits of the same hive, and each line is told', async () => {
  const [was, is] = [backup, buildSystemHive({ computerName: 'LAPTOP-4711', diskFilters: ['partmgr'] })];
  const { hive, log1, log2 } = buildDirtyHive([was, is]);
  const set = String.raw`set registry HKLM\SYSTEM\CurrentControlSet\Control\CrashControl value AutoReboot to number 0`;
  const world = await worldWith({
    script: `replay hives\n${set}`,
    files: { SYSTEM: hive, 'SYSTEM.LOG1': log1, 'SYSTEM.LOG2': log2 },
  });
  await runRecovery(world.start());
  const [outcome] = world.server.outcomes;
  assert.equal(outcome?.state, 'applied', JSON.stringify(outcome));
  assert.deepEqual(
    outcome?.steps.map(({ changes }) => changes.map(change => change.what)),
    [
      ['SYSTEM: 1 entry of LOG1 replayed', ...outcome.steps[0]!.changes.slice(1).map(one => one.what)],
      outcome.steps[1]!.changes.map(one => one.what),
    ],
  );
  assert.ok(outcome.steps.every(({ state, changes }) => state === 'done' && changes.length > 0));
});

test('transaction logs stay where Windows may still replay them', async () => {
  const log = 'TxR\\{016888cd-6c6f-11de-8d1d-001e0bcde3ec}.TxR.0.regtrans-ms';
  const files = (build: number) => ({
    [log]: new Uint8Array(8),
    SOFTWARE: buildSoftwareHive({ build, revision: 1, machineGuid: '0' }),
    'SOFTWARE.LOG1': new Uint8Array(0),
    'SOFTWARE.LOG2': new Uint8Array(0),
  });
  const script = 'clear transaction logs';
  assert.equal(await codeWith({ script, files: files(10586) }), 'windows-too-old');
  assert.equal(await codeWith({ script, files: files(22631) }), 'applied');
});
