import assert from 'node:assert/strict';
import { runRecovery } from '../../../agent/core/run-recovery.ts';
import { HostError, type HostTools, type ToolRequest } from '../../../agent/host/host.ts';
import { type DiskSnapshot, listPowerCutStates, type MemoryDisk } from '../../../agent/host/memory-disk.ts';
import { createMemoryHost, type HostCall } from '../../../agent/host/memory-host.ts';
import { createLabTools, type ToolTrouble } from '../../../agent/lab/tools/lab-tools.ts';
import type { LabVolume } from '../../../agent/lab/tools/lab-tool.ts';
import { machine } from '../../../server/catalog/crowdstrike-2024-07-19/machine.ts';
import { actionTable } from '../../../shared/remediation/action-table.ts';
import type { Action } from '../../../shared/remediation/syntax-tree.ts';
import { type ActionCase, actionCases } from './action-cases.ts';
import { type FakeServer, serverAddress } from './fake-server.ts';
import { memoryVolume } from './memory-volume.ts';
import { createWorld, listFiles, type World } from './world.ts';

type Verb = Action['verb'];

/**
 * What became of a machine that was cut off, or met a fault, and was started again. `healed`: everything the script
 * says is true and it restarts. `as-before`: nothing of it is. `told`: a step without a way back was begun and cannot
 * be proven, so the server knows and a person must look; nothing is taken back and no tool was run again.
 */
export type CutResult = 'healed' | 'as-before' | 'told';

/** How often each result came after cuts at one kind of call; what is wrong is named by its place. */
export interface CutRow {
  readonly action: Verb;
  readonly class: string;
  /** Distinct machines that were started again. */
  readonly restarts: number;
  readonly results: ReadonlyMap<string, ReadonlyMap<CutResult, number>>;
  readonly wrong: readonly string[];
}

export interface MatrixOptions {
  /** Starts again from at most so many machines, spread evenly from `seed` on; from all of them when absent. */
  readonly sample?: { readonly restarts: number; readonly seed: number };
}

export const verbs = Object.keys(actionCases) as Verb[];

const companion = String.raw`rename %SystemRoot%\notepad.exe to notepad.off`;
const scriptOf = ({ line }: ActionCase) =>
  [
    'remediation "Try it"',
    '  risk high',
    '',
    'require crash code is 0x50',
    '',
    companion,
    line,
    '',
    'reboot',
    '',
  ].join('\n');

/** A machine that needs the action. Its script begins with a rename, so that there is always something to take back. */
async function worldOf(verb: Verb): Promise<World> {
  const script = scriptOf(actionCases[verb]);
  const world = await createWorld(machine, {
    decide: (told, server) =>
      told.kind === 'check-in'
        ? server.remediate(told.message, { script, approval: { risk: 'high' } })
        : { kind: 'carry-on' },
  });
  actionCases[verb].prepare(world.disk);
  return world;
}

interface Started {
  readonly tools: HostTools;
  readonly asked: ToolRequest[];
}

/** The tools of the lab on a disk; each change that one makes is announced before. */
function toolsOn(disk: MemoryDisk, beforeChange: (name: string) => void, trouble?: ToolTrouble): Started {
  const volume = memoryVolume(disk);
  const announced: LabVolume = {
    ...volume,
    write(name, bytes, writtenAt) {
      beforeChange(name);
      volume.write(name, bytes, writtenAt);
    },
    remove(name) {
      beforeChange(name);
      volume.remove(name);
    },
  };
  const asked: ToolRequest[] = [];
  const bench = () => ({ volume: announced, root: 'C:\\', now: new Date('2024-07-19T04:30:00Z') });
  // Saving the boot options beforehand stays sound: the trouble is that of the tool the script starts.
  const troubleOf = ({ arguments: [first] }: ToolRequest) => (first === '/export' ? undefined : trouble);
  const lab = createLabTools({ bench, troubleOf });
  return { asked, tools: { run: request => (asked.push(request), lab.run(request)) } };
}

interface CutPoint {
  readonly call: string;
  readonly disk: DiskSnapshot;
  readonly server: FakeServer;
}

/** Cuts power before every host call of one action and before every change its tool makes, and starts again. */
export async function cutAction(verb: Verb, { sample }: MatrixOptions = {}): Promise<CutRow> {
  const world = await worldOf(verb);
  const before = textOf(world.disk);
  const points: CutPoint[] = [];
  let last: DiskSnapshot | undefined;
  let told = -1;
  const remember = (call: string) => {
    const disk = world.disk.snapshot();
    // Calls that change neither disk nor server leave the same machine to start from.
    const isNew =
      last?.durable !== disk.durable ||
      last.pending.length !== disk.pending.length ||
      told !== world.server.told.length;
    if (isNew) points.push({ call, disk, server: world.server.fork() });
    [last, told] = [disk, world.server.told.length];
  };
  let number = 0;
  const { tools } = toolsOn(world.disk, () => remember('tool at work'));
  const end = await runRecovery(
    world.start({
      tools,
      beforeCall: (call: HostCall) => {
        number = call.number;
        remember(call.name);
      },
    }),
  );
  assert.deepEqual(
    end,
    { kind: 'reboot' },
    `${verb} does not heal: ${JSON.stringify(world.server.outcomes)}`,
  );
  assert.ok(actionCases[verb].isTrue?.(world.disk) ?? true, `${verb} is not true`);
  remember('the end');
  const after = textOf(world.disk);
  assert.notEqual(after, before);

  const machines = points.flatMap(point =>
    listPowerCutStates(point.disk).map(disk => ({ call: point.call, disk, server: point.server })),
  );
  const step = sample ? Math.max(1, Math.floor(machines.length / sample.restarts)) : 1;
  const chosen = machines.filter((_, at) => at % step === (sample?.seed ?? 0) % step);
  const results = new Map<string, Map<CutResult, number>>();
  const wrong: string[] = [];
  let seed = 1000 + number;
  for (const { call, disk, server } of chosen) {
    const expected = { verb, before, after };
    const result = await startAgain(world, expected, { disk, server: server.fork(), seed: seed++ });
    if (typeof result !== 'string') {
      wrong.push(`${verb}, cut before ${call}: ${result.wrong}`);
      continue;
    }
    const row = results.get(call) ?? new Map<CutResult, number>();
    row.set(result, (row.get(result) ?? 0) + 1);
    results.set(call, row);
  }
  return { action: verb, class: actionTable[verb].class, restarts: chosen.length, results, wrong };
}

interface Expected {
  readonly verb: Verb;
  readonly before: string;
  readonly after: string;
}

interface Machine {
  readonly disk: MemoryDisk;
  readonly server: FakeServer;
  readonly seed: number;
}

/** Starts a machine whose power came back, and judges where it ended by the class of the action. */
async function startAgain(
  { startReason }: World,
  { verb, before, after }: Expected,
  { disk, server, seed }: Machine,
): Promise<CutResult | { readonly wrong: string }> {
  const { tools, asked } = toolsOn(disk, () => undefined);
  const atStart = textOf(disk);
  const host = createMemoryHost({
    disks: { C: disk },
    startReason,
    bootEntryVolume: 'C:\\',
    servers: { [serverAddress]: server.memoryServer },
    seed,
    tools,
  });
  const end = await runRecovery(host);
  const now = textOf(disk);
  if (end.kind === 'reboot')
    return now === after ? 'healed' : { wrong: `it restarts half done: ${differenceOf(now, after)}` };
  if (now === before && end.code !== 'agent-failed') return 'as-before';
  const previous = server.checkIns.at(-1)?.previousAttempt;
  const isTold = previous?.state === 'stuck' && /^one-way-/.test(previous.code ?? '');
  if (actionTable[verb].class === 'one-way' && isTold && now === atStart && asked.length === 0) return 'told';
  return { wrong: `${end.code}, told ${JSON.stringify(previous)}: ${differenceOf(now, before)}` };
}

/** What can go wrong with one call of the host, or with the tool. */
export const callFaults = {
  'disk full': { code: 'disk-full', kind: 'permanent', calls: /^files\.(create|append|makeDirectory)$/ },
  'access denied': { code: 'access-denied', kind: 'permanent', calls: /^files\.(rename|link|create)$/ },
  'sharing violation': {
    code: 'sharing-violation',
    kind: 'transient',
    calls: /^files\.(rename|link|remove)$/,
  },
} as const;
export type CallFault = keyof typeof callFaults;

/** Every changing call of an action fails from the n-th on; then the machine is started without the fault. */
export async function failAction(
  verb: Verb,
  fault: CallFault,
  { sample }: MatrixOptions = {},
): Promise<readonly string[]> {
  const { code, kind, calls } = callFaults[fault];
  const wrong: string[] = [];
  const whole = await worldOf(verb);
  const before = textOf(whole.disk);
  let changing = 0;
  const sound = toolsOn(whole.disk, () => undefined);
  await runRecovery(
    whole.start({
      tools: sound.tools,
      beforeCall: ({ name }) => void (changing += calls.test(name) ? 1 : 0),
    }),
  );
  const after = textOf(whole.disk);
  const step = sample ? Math.max(1, Math.floor(changing / sample.restarts)) : 1;
  for (let from = 1 + ((sample?.seed ?? 0) % step); from <= changing; from += step) {
    const world = await worldOf(verb);
    let count = 0;
    const host = world.start({
      tools: toolsOn(world.disk, () => undefined).tools,
      beforeCall({ name }) {
        if (calls.test(name) && ++count >= from) throw new HostError({ kind, code, message: fault });
      },
    });
    const end = await runRecovery(host);
    const place = `${verb}, ${fault} from changing call ${from}`;
    if (end.kind !== 'reboot' && end.code === 'agent-failed') wrong.push(`${place}: ${end.message}`);
    const machine = { disk: world.disk, server: world.server, seed: 5000 + from };
    const result = await startAgain(world, { verb, before, after }, machine);
    if (typeof result !== 'string') wrong.push(`${place}: ${result.wrong}`);
  }
  return wrong;
}

/** Runs an action whose tool hangs, dies or lies, and gives what the server was told and whether it is true. */
export async function troubleAction(verb: Verb, trouble: ToolTrouble) {
  const world = await worldOf(verb);
  const before = textOf(world.disk);
  const { tools } = toolsOn(world.disk, () => undefined, trouble);
  await runRecovery(world.start({ tools }));
  const outcome = world.server.outcomes.at(-1);
  const isTrue = actionCases[verb].isTrue?.(world.disk) ?? true;
  return { state: outcome?.state, code: outcome?.code, isTrue, isAsBefore: textOf(world.disk) === before };
}

const textOf = (disk: MemoryDisk) => [...listFiles(disk)].map(([name, file]) => `${name} ${file}`).join('\n');

/** Names of the files that differ. */
function differenceOf(a: string, b: string): string {
  const [left, right] = [new Set(a.split('\n')), new Set(b.split('\n'))];
  const lines = [...[...left].filter(one => !right.has(one)), ...[...right].filter(one => !left.has(one))];
  return [...new Set(lines.map(line => line.split(' ')[0]))].join(', ');
}

/** The matrix as text: a line per action, a column per kind of cut. */
export function drawMatrix(rows: readonly CutRow[]): string {
  return rows
    .map(({ action, class: kind, restarts, results, wrong }) => {
      const cells = [...results].map(
        ([call, counts]) =>
          `${call}: ${[...counts].map(([result, count]) => `${count} ${result}`).join(', ')}`,
      );
      return `${action} (${kind}), ${restarts} restarts, ${wrong.length} wrong\n    ${cells.join('\n    ')}`;
    })
    .join('\n');
}
