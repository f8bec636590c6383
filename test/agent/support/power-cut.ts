import { runRecovery } from '../../../agent/core/run-recovery.ts';
import type { RecoveryEnd } from '../../../agent/core/session.ts';
import type { HostTools } from '../../../agent/host/host.ts';
import { type DiskSnapshot, listPowerCutStates, type MemoryDisk } from '../../../agent/host/memory-disk.ts';
import { createMemoryHost, type HostCall } from '../../../agent/host/memory-host.ts';
import type { LabVolume } from '../../../agent/lab/tools/lab-tool.ts';
import { createLabTools, type LabToolsOptions } from '../../../agent/lab/tools/lab-tools.ts';
import { type FakeServer, serverAddress } from './fake-server.ts';
import { memoryVolume } from './memory-volume.ts';
import type { World } from './world.ts';

/** The machine and the server at the moment of a power cut. */
export interface CutPoint {
  readonly call: string;
  readonly disk: DiskSnapshot;
  readonly server: FakeServer;
}

/** The tools of the lab on a disk in memory; each change that one makes is announced before, and one may go wrong. */
export function toolsOn(
  disk: MemoryDisk,
  beforeChange: () => void = () => undefined,
  troubleOf?: LabToolsOptions['troubleOf'],
): HostTools {
  const volume = memoryVolume(disk);
  const announced: LabVolume = {
    ...volume,
    write(name, bytes, writtenAt) {
      beforeChange();
      volume.write(name, bytes, writtenAt);
    },
    remove(name) {
      beforeChange();
      volume.remove(name);
    },
  };
  return createLabTools({
    bench: () => ({ volume: announced, root: 'C:\\', now: new Date('2024-07-19T04:30:00Z') }),
    ...(troubleOf ? { troubleOf } : {}),
  });
}

/** Runs one recovery with the tools of the lab and remembers every moment at which disk or server were another. */
export async function recordMoments(
  world: World,
): Promise<{ readonly end: RecoveryEnd; readonly moments: readonly CutPoint[] }> {
  const moments: CutPoint[] = [];
  let last = '';
  const remember = (call: string) => {
    const disk = world.disk.snapshot();
    const state = `${disk.pending.length} ${idOf(disk.durable)} ${world.server.told.length}`;
    if (state !== last) moments.push({ call, disk, server: world.server.fork() });
    last = state;
  };
  const host = world.start({
    tools: toolsOn(world.disk, () => remember('a tool at work')),
    beforeCall: (call: HostCall) => remember(`${call.name} ${call.subject}`),
  });
  return { end: await runRecovery(host), moments };
}

/** Every disk that a cut at these moments can leave, a fair sample of at most so many, the same for a seed. */
export function sampleStates(
  moments: readonly CutPoint[],
  most: number,
): readonly (Omit<CutPoint, 'disk'> & { readonly disk: MemoryDisk })[] {
  // Each start talks to a server of its own: one that had heard another start would refuse its sequence numbers.
  const states = moments.flatMap(({ disk, call, server }) =>
    listPowerCutStates(disk).map(after => ({ call, disk: after, server: server.fork() })),
  );
  const stride = Math.max(1, states.length / most);
  return Array.from({ length: Math.min(most, states.length) }, (_, at) => states[Math.floor(at * stride)]!);
}

/** The power is back: the same machine starts into recovery again, and the firmware has counted nothing new. */
export async function startAgain(
  { startReason }: World,
  disk: MemoryDisk,
  server: FakeServer,
  seed: number,
  tools = toolsOn(disk),
): Promise<RecoveryEnd> {
  return runRecovery(
    createMemoryHost({
      disks: { C: disk },
      startReason,
      bootEntryVolume: 'C:\\',
      servers: { [serverAddress]: server.memoryServer },
      tools,
      seed,
    }),
  );
}

const ids = new WeakMap<object, number>();
let nextId = 1;
function idOf(tree: object): number {
  const id = ids.get(tree) ?? nextId++;
  ids.set(tree, id);
  return id;
}
