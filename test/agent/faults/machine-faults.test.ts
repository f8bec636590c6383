import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runRecovery } from '../../../agent/core/run-recovery.ts';
import { fileError } from '../../../agent/host/file-failure.ts';
import { MemoryDisk } from '../../../agent/host/memory-disk.ts';
import type { HostCall, MemoryHost, MemoryHostOptions } from '../../../agent/host/memory-host.ts';
import { parsePath } from '../../../agent/host/windows-path.ts';
import { machine } from '../../../server/catalog/crowdstrike-2024-07-19/machine.ts';
import { connectionRefused, type FakeServerOptions } from '../support/fake-server.ts';
import { createWorld, listFiles, listQuarantine } from '../support/world.ts';

const writes = /^files\.(create|append|rename|link|makeDirectory|remove)$/;

async function start(over: Partial<MemoryHostOptions> = {}, server: FakeServerOptions = {}) {
  const world = await createWorld(machine, server);
  const before = listFiles(world.disk);
  const host = world.start(over);
  const end = await runRecovery(host);
  return { world, before, host, end };
}

/** The reason stands in the log and on the screen, where the menu is announced, and all of it inside the time. */
function expectMenu(
  host: MemoryHost,
  end: { readonly kind: string; readonly code?: string },
  code: string,
  said: string,
) {
  assert.equal(end.code, code);
  assert.equal(host.ended(), 'handed-over');
  assert.ok(host.clock.monotonicMs() < 200 * 60_000);
  const last = host.screens.at(-1);
  assert.equal(last?.headline, 'Opening the recovery menu');
  assert.ok(last.detail.includes(said), last.detail);
  assert.ok(
    host.entries.some(one => one.code === code || one.code === 'phase-hand-over'),
    'the log says it',
  );
  assert.ok(JSON.stringify(host.entries).includes(code), 'the log says why');
}

test('a server that is away: retried until the time is over, then the menu', async () => {
  const { host, end, before, world } = await start({}, { trouble: () => connectionRefused });
  expectMenu(host, end, 'time-is-up', 'cannot be reached');
  assert.deepEqual(listFiles(world.disk), before);
  assert.ok(host.screens.some(({ detail }) => detail.includes('cannot be reached. Press any key')));
});

test('a full disk: nothing can be remembered, so nothing is done and the menu comes', async () => {
  const fullFrom = (first: number) => {
    let number = 0;
    return ({ name }: HostCall) => {
      if (/^files\.(create|append)$/.test(name) && ++number >= first) throw fileError('disk-full', 'no room');
    };
  };
  const { host, end, before, world } = await start({ beforeCall: fullFrom(1) });
  expectMenu(host, end, 'disk-full', 'is full');
  assert.deepEqual(listFiles(world.disk), before);
  // Full in the middle of a repair: taken back, told or not, and never half done.
  for (const first of [2, 3, 4, 5, 6, 7, 8]) {
    const run = await start({ beforeCall: fullFrom(first) });
    assert.equal(run.host.ended(), run.end.kind === 'reboot' ? 'reboot' : 'handed-over');
    if (run.end.kind === 'handed-over')
      assert.deepEqual(listFiles(run.world.disk), run.before, `full from write ${first}`);
  }
});

test('a volume that takes no writes: the menu, with the reason', async () => {
  const { host, end, before, world } = await start({
    beforeCall: ({ name }) => {
      if (writes.test(name)) throw fileError('access-denied', 'the volume is read-only');
    },
  });
  expectMenu(host, end, 'access-denied', 'takes no changes');
  assert.deepEqual(listFiles(world.disk), before);
});

test('a file system that gives some files and not others: what can be read decides', async () => {
  const { end, world } = await start({
    beforeCall: ({ name, subject }) => {
      if (/^files\.(find|list|read|hash)$/.test(name) && /SrtTrail|ntbtlog|SOFTWARE|\\Logs/i.test(subject))
        throw fileError('input-output', 'the sector cannot be read');
    },
  });
  assert.deepEqual(end, { kind: 'reboot' });
  assert.equal(listQuarantine(world.disk).length, 1);
});

test('a file system that gives nothing: the menu', async () => {
  const { host, end } = await start({
    beforeCall: ({ name }) => {
      if (name === 'files.read') throw fileError('input-output', 'the disk does not answer');
    },
  });
  expectMenu(host, end, 'input-output', 'is damaged');
});

test('two Windows and no boot entry, no Windows at all: the menu, and no file is touched', async () => {
  const world = await createWorld(machine);
  const other = new MemoryDisk(world.disk.snapshot());
  const two = world.start({ disks: { C: world.disk, D: other }, bootEntryVolume: undefined as never });
  expectMenu(two, await runRecovery(two), 'windows-ambiguous', 'may be on');
  const none = world.start({ disks: { C: new MemoryDisk() }, bootEntryVolume: undefined as never });
  expectMenu(none, await runRecovery(none), 'windows-not-found', 'No volume holds a Windows.');
  assert.equal(listQuarantine(world.disk).length, 0);
});

test('shuffled letters: Windows is healed where it is, and the data drive is not touched', async () => {
  const world = await createWorld(machine);
  const data = new MemoryDisk();
  data.place(['Windows', 'System32', 'drivers', 'CrowdStrike', 'C-00000291-00000000-00000029.sys'], {
    bytes: Uint8Array.of(1),
    writtenAtMs: Date.parse('2024-07-19T04:30:00Z'),
  });
  const host = world.start({ disks: { C: data, G: world.disk }, bootEntryVolume: 'G:\\' });
  assert.deepEqual(await runRecovery(host), { kind: 'reboot' });
  assert.equal(listQuarantine(world.disk).length, 1);
  assert.ok(
    data.find(parsePath('C:\\Windows\\System32\\drivers\\CrowdStrike\\C-00000291-00000000-00000029.sys')),
  );
});

test('a clock at 2015 decides nothing', async () => {
  const { end, world } = await start({ wallMs: Date.parse('2015-06-01T00:00:00Z') });
  assert.deepEqual(end, { kind: 'reboot' });
  assert.equal(world.server.outcomes[0]?.state, 'applied');
});

test('files with names of another language are moved and told like any other', async () => {
  const world = await createWorld(machine);
  const name = 'C-00000291-Überprüfung-検査.sys';
  const folder = 'C:\\Windows\\System32\\drivers\\CrowdStrike';
  world.disk.place(parsePath(`${folder}\\${name}`).components, {
    bytes: new Uint8Array(40_000),
    writtenAtMs: Date.parse('2024-07-19T04:30:00Z'),
  });
  assert.deepEqual(await runRecovery(world.start()), { kind: 'reboot' });
  assert.equal(world.disk.find(parsePath(`${folder}\\${name}`)), undefined);
  const told = world.server.outcomes[0]?.steps.flatMap(step => step.changes.map(change => change.path));
  assert.ok(told?.includes(`${folder}\\${name}`));
});

test('a name of forty characters stands whole on the card and on the wire', async () => {
  const name = 'KASSENRECHNER-FILIALE-0815-OBERGESCHOSS';
  const world = await createWorld(machine, {}, undefined, `${name}X`);
  const host = world.start();
  assert.deepEqual(await runRecovery(host), { kind: 'reboot' });
  assert.equal(host.screens.at(-1)?.card.deviceName, `${name}X`);
  assert.equal(host.screens.at(-1)?.card.deviceName.length, 40);
});
