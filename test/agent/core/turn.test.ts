import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runConfirm } from '../../../agent/core/run-confirm.ts';
import { runRecovery } from '../../../agent/core/run-recovery.ts';
import { fileError } from '../../../agent/host/file-failure.ts';
import { MemoryDisk } from '../../../agent/host/memory-disk.ts';
import type { MemoryHostOptions } from '../../../agent/host/memory-host.ts';
import { machine } from '../../../server/catalog/crowdstrike-2024-07-19/machine.ts';
import { createWorld, listFiles } from '../support/world.ts';

async function expectMenu(
  code: string,
  over: Partial<MemoryHostOptions>,
  prepare?: (disk: MemoryDisk) => void,
) {
  const world = await createWorld(machine);
  prepare?.(world.disk);
  const before = listFiles(world.disk);
  const told = world.server.told.length;
  const host = world.start(over);
  const end = await runRecovery(host);
  assert.equal(end.kind === 'handed-over' && end.code, code);
  assert.equal(host.ended(), 'handed-over');
  assert.deepEqual(listFiles(world.disk), before);
  assert.equal(world.server.told.length, told);
  return host;
}

test('a start that is not ours touches neither network nor disk', async () => {
  for (const over of [
    { startReason: { kind: 'other' } },
    { startReason: { kind: 'failed-boot' }, environment: 'windows' },
  ] as const) {
    const host = await expectMenu('not-our-turn', over);
    const touching = host.calls.filter(({ name }) => /^(files|network)\./.test(name));
    assert.deepEqual(touching, []);
    assert.ok(host.clock.monotonicMs() < 2000, 'within two seconds');
  }
});

test('our marker and test mode are our turn', async () => {
  for (const kind of ['marker', 'test-mode'] as const) {
    const world = await createWorld(machine);
    await runRecovery(world.start({ startReason: { kind, failedStarts: 0 } }));
    assert.equal(world.server.checkIns[0]?.reason, kind);
  }
});

test('a locked volume cannot be healed: the menu, with the reason', async () => {
  const host = await expectMenu('volume-locked', { bitLocker: { C: 'locked' } });
  assert.ok(!host.calls.some(({ name }) => name.startsWith('network.')));
  const unreadEntry = { bitLocker: { C: 'locked' } as const, bootEntryVolume: undefined as never };
  await expectMenu('volume-locked', unreadEntry);
});

test('two Windows and an unreadable boot entry: nobody guesses', async () => {
  const world = await createWorld(machine);
  const other = new MemoryDisk(world.disk.snapshot());
  const host = world.start({ disks: { C: world.disk, E: other }, bootEntryVolume: undefined as never });
  const end = await runRecovery(host);
  assert.equal(end.kind === 'handed-over' && end.code, 'windows-ambiguous');
});

test('one Windows and an unreadable boot entry, on any letter', async () => {
  const world = await createWorld(machine);
  const host = world.start({
    disks: { C: new MemoryDisk(), W: world.disk },
    bootEntryVolume: undefined as never,
  });
  assert.deepEqual(await runRecovery(host), { kind: 'reboot' });
  assert.match(world.server.outcomes[0]?.steps[0]?.changes[0]?.path ?? '', /^W:\\Windows\\/);
});

test('a volume whose file system Windows does not know holds no Windows, and keeps nobody from the one beside it', async () => {
  const world = await createWorld(machine);
  const host = world.start({
    disks: { D: new MemoryDisk(), W: world.disk },
    bootEntryVolume: undefined as never,
    beforeCall: ({ name, subject }) => {
      if (name.startsWith('files.') && subject.startsWith('D:'))
        throw fileError('volume-missing', 'the volume holds no file system that is known');
    },
  });
  assert.deepEqual(await runRecovery(host), { kind: 'reboot' });
});

test('whose turn it is cannot be told: the menu at once, and the screen says why', async () => {
  const unclear = 'No volume holds a Windows.';
  const host = await expectMenu('not-our-turn', { startReason: { kind: 'other', unclear } });
  assert.equal(host.screens.length, 1);
  assert.ok(host.screens[0]?.detail.startsWith(unclear));
  assert.ok(host.entries.some(one => one.code === 'not-our-turn' && one.message === unclear));
  const plain = await expectMenu('not-our-turn', { startReason: { kind: 'other' } });
  assert.equal(plain.screens.length, 0, 'nobody waits for us');
});

test('the boot entry names a volume without Windows', async () => {
  await expectMenu('boot-entry-names-no-windows', { bootEntryVolume: 'D:\\' });
});

test('what the agent must remember and cannot read stops it', async () => {
  const own = ['ProgramData', 'Bootmend'];
  const damage = (name: string) => (disk: MemoryDisk) =>
    disk.place([...own, name], { bytes: new Uint8Array(Buffer.from('{"version":1')) });
  await expectMenu('state-damaged', {}, damage('device.json'));
  await expectMenu('state-damaged', {}, damage('state.json'));
  await expectMenu('trust-not-believed', {}, damage('trust.json'));
  await expectMenu('not-enrolled', {}, disk =>
    disk.remove({ drive: 'C', components: [...own, 'device.json'] }),
  );
});

test('only a Windows that runs confirms itself', async () => {
  const world = await createWorld(machine);
  const end = await runConfirm(world.start());
  assert.equal(end.kind === 'failed' && end.code, 'not-in-windows');
});
