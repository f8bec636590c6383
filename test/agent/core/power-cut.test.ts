import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runRecovery } from '../../../agent/core/run-recovery.ts';
import { type DiskSnapshot, listPowerCutStates, type MemoryDisk } from '../../../agent/host/memory-disk.ts';
import { createMemoryHost, type HostCall, type MemoryHost } from '../../../agent/host/memory-host.ts';
import { parsePath } from '../../../agent/host/windows-path.ts';
import { machine } from '../../../server/catalog/crowdstrike-2024-07-19/machine.ts';
import { type FakeServer, type FakeServerOptions, serverAddress } from '../support/fake-server.ts';
import { createWorld, listFiles, listQuarantine, type World } from '../support/world.ts';

/** The machine and the server at the moment of a power cut. */
interface CutPoint {
  readonly call: string;
  readonly disk: DiskSnapshot;
  readonly server: FakeServer;
}

/** Runs one recovery and remembers every distinct moment before and after its calls. */
async function recordCutPoints(
  world: World,
): Promise<{ readonly host: MemoryHost; readonly points: readonly CutPoint[] }> {
  const points: CutPoint[] = [];
  let last = '';
  const remember = (call: string) => {
    const disk = world.disk.snapshot();
    // Calls that change neither disk nor server leave the same machine to start from.
    const state = `${points.length === 0} ${disk.pending.length} ${idOf(disk.durable)} ${world.server.told.length}`;
    if (state !== last) points.push({ call, disk, server: world.server.fork() });
    last = state;
  };
  const host = world.start({
    beforeCall: (call: HostCall) => remember(`${call.number} ${call.name} ${call.subject}`),
  });
  const end = await runRecovery(host);
  assert.equal(end.kind, 'reboot');
  remember('the end');
  return { host, points };
}

const ids = new WeakMap<object, number>();
let nextId = 1;
function idOf(tree: object): number {
  const id = ids.get(tree) ?? nextId++;
  ids.set(tree, id);
  return id;
}

/** The same machine after the power came back: the firmware has counted nothing new. */
const restart = (
  { startReason }: World,
  disk: MemoryDisk,
  server: FakeServer,
  seed: number,
  beforeCall: (call: HostCall) => void = () => undefined,
) =>
  createMemoryHost({
    disks: { C: disk },
    startReason,
    bootEntryVolume: 'C:\\',
    servers: { [serverAddress]: server.memoryServer },
    seed,
    beforeCall,
  });

type Files = ReadonlyMap<string, string>;
const textOf = (files: Files) => [...files].map(([name, file]) => `${name} ${file}`).join('\n');

/** Nothing is ever lost: every file is whole, in its place or in quarantine. */
function assertNothingLost(disk: MemoryDisk, before: Files, call: string): void {
  const [now, quarantine] = [listFiles(disk), listQuarantine(disk)];
  for (const [name, file] of before)
    assert.ok(
      now.get(name) === file || (!now.has(name) && quarantine.includes(file)),
      `${name} after ${call}`,
    );
  for (const name of now.keys()) assert.ok(before.has(name), `${name} appeared after ${call}`);
}

/** Cuts power at every moment of a healing, in every way, and starts the machine again. */
async function cutEverywhere(options: FakeServerOptions, prepare?: (world: World) => void) {
  const world = await createWorld(machine, options);
  prepare?.(world);
  const before = listFiles(world.disk);
  const { host, points } = await recordCutPoints(world);
  const after = listFiles(world.disk);
  assert.notEqual(textOf(before), textOf(after));

  let restarts = 0;
  for (const point of points) {
    for (const disk of listPowerCutStates(point.disk)) {
      assertNothingLost(disk, before, point.call);
      const server = point.server.fork();
      const again = restart(world, disk, server, 1000 + restarts++);
      const end = await runRecovery(again);
      assert.equal(again.ended(), end.kind === 'reboot' ? 'reboot' : 'handed-over');
      assertNothingLost(disk, before, point.call);
      const now = textOf(listFiles(disk));
      assert.ok(
        now === textOf(after) || now === textOf(before),
        `half done after ${point.call}: ${JSON.stringify(end)}`,
      );
      assert.equal(end.kind, 'reboot', `${point.call}: ${JSON.stringify(end)}`);
      assert.equal(now, textOf(after), point.call);
    }
    // The same, but Windows was tried in between and failed once more: whole or not at all, and nothing lost.
    for (const disk of listPowerCutStates(point.disk)) {
      const { failedStarts = 0 } = world.startReason;
      const failedAgain = { ...world, startReason: { ...world.startReason, failedStarts: failedStarts + 1 } };
      await runRecovery(restart(failedAgain, disk, point.server.fork(), 1000 + restarts++));
      const now = textOf(listFiles(disk));
      assert.ok(now === textOf(after) || now === textOf(before), `half done after ${point.call}`);
      assertNothingLost(disk, before, point.call);
    }
  }
  return { calls: host.calls.length, points: points.length, restarts };
}

test('a power cut at any host call of a healing: started again, the machine heals', async t => {
  const counted = await cutEverywhere({});
  t.diagnostic(
    `${counted.calls} host calls, ${counted.points} distinct moments, ${counted.restarts} restarts`,
  );
  assert.ok(counted.restarts > counted.points);
});

test('the same with a live hibernation image, which is set aside first', async () => {
  await cutEverywhere({}, ({ disk }) =>
    disk.place(['hiberfil.sys'], {
      bytes: new Uint8Array(Buffer.from('HIBR and the old session')),
      writtenAtMs: 99,
    }),
  );
});

test('a power cut while an interrupted repair is being taken back', async t => {
  const world = await createWorld(machine);
  const before = listFiles(world.disk);
  const { points } = await recordCutPoints(world);
  const half = points.filter(
    point =>
      textOf(listFiles(listPowerCutStates(point.disk).at(-1)!)) !== textOf(before) && !isApplied(point.disk),
  );
  assert.ok(half.length > 0);
  let restarts = 0;
  for (const first of half) {
    const disk = listPowerCutStates(first.disk).at(-1)!;
    const server = first.server.fork();
    const moments: DiskSnapshot[] = [];
    let isTakingBack = true;
    const host = restart(world, disk, server.fork(), 5, ({ name }) => {
      // From the network on it is an ordinary healing, which the tests above cut.
      isTakingBack &&= !name.startsWith('network.');
      if (isTakingBack) moments.push(disk.snapshot());
    });
    await runRecovery(host);
    const distinct = moments.filter(
      (one, at) =>
        one.durable !== moments[at - 1]?.durable || one.pending.length !== moments[at - 1]?.pending.length,
    );
    for (const moment of distinct) {
      for (const again of listPowerCutStates(moment)) {
        assertNothingLost(again, before, first.call);
        const end = await runRecovery(restart(world, again, server.fork(), 9 + restarts++));
        assert.equal(end.kind, 'reboot', JSON.stringify(end));
        assertNothingLost(again, before, first.call);
      }
    }
  }
  t.diagnostic(`${restarts} restarts after a second power cut`);
});

function isApplied(snapshot: DiskSnapshot): boolean {
  const disk = listPowerCutStates(snapshot).at(-1)!;
  const folder = 'C:\\ProgramData\\Bootmend\\journal';
  return (disk.list(parsePath(folder)) ?? []).some(entry =>
    Buffer.from(disk.read(parsePath(`${folder}\\${entry.name}`), 0, 1e6))
      .toString()
      .includes('"kind":"applied"'),
  );
}

test('a full disk at any change: nothing is done, the menu comes', async () => {
  const changing = /^files\.(create|append|makeDirectory)$/;
  const { fileError } = await import('../../../agent/host/file-failure.ts');
  for (let full = 1; ; full++) {
    const world = await createWorld(machine);
    const before = textOf(listFiles(world.disk));
    let changes = 0;
    const host = world.start({
      beforeCall: ({ name }) => {
        if (changing.test(name) && ++changes >= full) throw fileError('disk-full', 'the disk is full');
      },
    });
    const end = await runRecovery(host);
    if (changes < full) return;
    const isAsBefore = textOf(listFiles(world.disk)) === before;
    const isApplied = listQuarantine(world.disk).length === 1;
    assert.ok(isAsBefore || isApplied);
    assert.equal(end.kind, 'handed-over');
    assert.equal(host.ended(), 'handed-over');
  }
});
