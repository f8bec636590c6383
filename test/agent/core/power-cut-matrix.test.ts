import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import { runRecovery } from '../../../agent/core/run-recovery.ts';
import { fileError } from '../../../agent/host/file-failure.ts';
import type { FileFailureCode, Host } from '../../../agent/host/host.ts';
import type { MemoryDisk } from '../../../agent/host/memory-disk.ts';
import type { MemoryHostOptions } from '../../../agent/host/memory-host.ts';
import type { ToolTrouble } from '../../../agent/lab/tools/lab-tools.ts';
import { actionMachine, actionScript } from '../support/action-machine.ts';
import { actionTrials, classOfTrial, type TrialName, trialNames } from '../support/action-trials.ts';
import type { FakeServer } from '../support/fake-server.ts';
import { afterCut, type Fault, type FaultName, type FaultResult, faults } from '../support/faults.ts';
import { forgeJournal, forgeries } from '../support/forged-journal.ts';
import { holdingFile } from '../support/held-file.ts';
import { memoryVolume } from '../support/memory-volume.ts';
import { recordMoments, sampleStates, startAgain, toolsOn } from '../support/power-cut.ts';
import { ordering, quietServer } from '../support/trial-server.ts';
import { createWorld, listFiles, type World } from '../support/world.ts';

const isWhole = process.env.BOOTMEND_POWER_CUTS === 'all';
/** States of the disk that are tried per action; `npm run bench -- power-cut` tries all. */
const mostCuts = isWhole ? Infinity : 8;
/** Calls that are made to fail per action and kind of failure. */
const mostFaults = isWhole ? Infinity : 1;

const worldOf = (name: TrialName): Promise<World> =>
  createWorld(actionMachine(name), { decide: ordering(actionScript(name)) });

const isToldStuck = (server: FakeServer) =>
  server.outcomes.some(one => one.state === 'stuck') ||
  server.checkIns.some(one => one.previousAttempt?.state === 'stuck');

type Files = ReadonlyMap<string, string>;
/** The machine before and after its action, file by file. */
interface Edges {
  readonly before: Files;
  readonly after: Files;
}

const differs = (a: Files, b: Files, name: string) => a.get(name) !== b.get(name);

/**
 * What a machine came to; `half` is a half-done repair. A tool writes its files as it will, so it is done when the
 * volume shows it and every file that is none of its business is as it was.
 */
function resultOf(name: TrialName, disk: MemoryDisk, server: FakeServer, edges: Edges): FaultResult | 'half' {
  const { before, after } = edges;
  const now = listFiles(disk);
  const names = [...new Set([...before.keys(), ...after.keys(), ...now.keys()])];
  const isLike = (edge: Files) => !names.some(name => differs(now, edge, name));
  if (isLike(after)) return 'after';
  const byTool = classOfTrial(name) !== 'reversible';
  const isElsewhere = names.some(name => !differs(before, after, name) && differs(now, before, name));
  if (byTool && !isElsewhere && actionTrials[name].isDone(memoryVolume(disk))) return 'after';
  if (isToldStuck(server)) return 'told';
  if (!isLike(before)) return 'half';
  return server.outcomes.some(one => one.state === 'applied') ? 'believed' : 'before';
}

const known = new Map<TrialName, Promise<Edges>>();
/** How the action ends when nothing goes wrong. */
function edgesOf(name: TrialName): Promise<Edges> {
  const edges = known.get(name) ?? findEdges(name);
  known.set(name, edges);
  return edges;
}

async function findEdges(name: TrialName): Promise<Edges> {
  const world = await worldOf(name);
  const before = listFiles(world.disk);
  const end = await runRecovery(world.start({ tools: toolsOn(world.disk) }));
  assert.equal(end.kind, 'reboot', JSON.stringify(end));
  assert.equal(actionTrials[name].isDone(memoryVolume(world.disk)), true);
  return { before, after: listFiles(world.disk) };
}

/** What became of a machine in the start in which something went wrong, and by the next one. */
class Row {
  readonly results = new Map<string, number>();
  readonly #name: TrialName;
  readonly #fault: string;

  constructor(name: TrialName, fault: string) {
    this.#name = name;
    this.#fault = fault;
  }

  add(result: FaultResult | 'half', allowed: Fault['allowed'], how: string): void {
    this.results.set(result, (this.results.get(result) ?? 0) + 1);
    const may: readonly string[] = allowed[classOfTrial(this.#name)];
    assert.ok(may.includes(result), `${this.#name}, ${this.#fault}: ${result} (${how})`);
  }

  /** One cell of the matrix, for whoever prints it. */
  tell(t: TestContext): void {
    const cell = [...this.results].map(([result, times]) => `${result} ${times}`).join(', ');
    t.diagnostic(`matrix | ${this.#name} | ${this.#fault} | ${cell}`);
  }
}

async function cut(t: TestContext, name: TrialName): Promise<void> {
  const edges = await edgesOf(name);
  const world = await worldOf(name);
  const { moments } = await recordMoments(world);
  const [ordered, left] = [new Row(name, 'cut, then ordered again'), new Row(name, 'cut, then left alone')];
  const isRepeatable = classOfTrial(name) === 'repeatable';
  for (const [at, { call, disk, server }] of sampleStates(moments, mostCuts).entries()) {
    const isLeft = at % 2 === 1;
    const heard = isLeft ? quietServer(server) : server;
    const again = await startAgain(world, disk, heard, 4000 + at);
    const result = resultOf(name, disk, heard, edges);
    (isLeft ? left : ordered).add(result, afterCut, `${call}: ${JSON.stringify(again)}`);
    if (!isLeft && isRepeatable) assert.equal(result, 'after', `${call}: it converges`);
    // Nobody is told that a machine is healed of what was not done.
    if (result === 'told') assert.equal(again.kind, 'handed-over', call);
  }
  for (const row of [ordered, left]) row.tell(t);
}

/** Calls that need room, and calls that can fail for any other reason. */
const needsRoom = /^files\.(create|append|makeDirectory|link)$/;
const anyChange = /^files\.(create|append|makeDirectory|rename|link|remove|flush)$/;

/** Runs an action while calls fail, each in turn, alone and from then on. */
async function disturb(name: TrialName, fault: FaultName, code: FileFailureCode, row: Row): Promise<void> {
  const changing = code === 'disk-full' ? needsRoom : anyChange;
  const edges = await edgesOf(name);
  const probe = await worldOf(name);
  let calls = 0;
  const count = {
    beforeCall: ({ name }: { readonly name: string }) => void (changing.test(name) && calls++),
  };
  await runRecovery(probe.start({ tools: toolsOn(probe.disk), ...count }));
  const stride = Math.max(1, calls / mostFaults);
  for (const lasts of code === 'disk-full' ? [true] : [false, true])
    for (let step = 1 + (stride - 1) * (lasts ? 0.4 : 0.7); step <= calls; step += stride) {
      const at = Math.floor(step);
      let made = 0;
      await tryFault(name, fault, row, edges, `call ${at}${lasts ? ' and on' : ''}`, {
        options: {
          beforeCall: ({ name, subject }) => {
            if (!changing.test(name)) return;
            if (++made === at || (lasts && made > at)) throw fileError(code, `${subject}: ${code}`);
          },
        },
      });
    }
}

interface Trouble {
  readonly options?: Partial<MemoryHostOptions>;
  readonly over?: (host: Host) => Host;
  readonly tool?: ToolTrouble;
}

/** One start in which something goes wrong, and one in which nothing does: by then it is healed, or a person knows. */
async function tryFault(
  name: TrialName,
  fault: FaultName,
  row: Row,
  edges: Edges,
  how: string,
  { options = {}, over = host => host, tool }: Trouble,
): Promise<void> {
  const world = await worldOf(name);
  const troubleOf = ({ arguments: [first] }: { readonly arguments: readonly string[] }) =>
    first === '/export' ? undefined : tool;
  const tools = toolsOn(world.disk, undefined, troubleOf);
  const end = await runRecovery(over(world.start({ tools, ...options })));
  const found = resultOf(name, world.disk, world.server, edges);
  // Where nothing can be written any more, nothing can be taken back or told either: the menu comes.
  const result = found === 'half' && end.kind === 'handed-over' ? 'left' : found;
  row.add(result, faults[fault].allowed, how);
  const change = world.server.outcomes.at(-1)?.steps[0]?.changes[0];
  if (result === 'believed') assert.equal(change?.kind === 'run-tool' && change.provenBy, 'tool-word');
  const server = result === 'left' ? quietServer(world.server) : world.server;
  await startAgain(world, world.disk, server, 5000);
  const next = resultOf(name, world.disk, server, edges);
  if (result === 'left') assert.ok(['before', 'told'].includes(next), `${name}, ${fault}: ${next} (${how})`);
  const isSound = next !== 'half' && (next !== 'believed' || fault === 'tool lies');
  assert.ok(isSound, `${name}, ${fault}: ${next} in the next start (${how})`);
}

const ways = ['alone', 'for reading'] as const;

/** What a person has to save or to edit is held by somebody else: each file that the action changes, and the hives. */
async function hold(name: TrialName, row: Row): Promise<void> {
  const edges = await edgesOf(name);
  const changed = [...edges.before.keys()].filter(name => differs(edges.before, edges.after, name));
  const hives = ['SYSTEM', 'SOFTWARE'].map(name => `C:\\Windows\\System32\\config\\${name}`);
  for (const [at, path] of [...new Set([...changed, ...hives])].entries())
    for (const how of isWhole ? ways : [ways[at % 2]!])
      await tryFault(name, 'file in use', row, edges, `${path} ${how}`, {
        over: host => holdingFile(host, path, how),
      });
}

/** A journal of a finished attempt, written anew: nothing is moved by it but what the attempt moved, and no tool starts. */
async function forge(name: TrialName, row: Row): Promise<void> {
  const edges = await edgesOf(name);
  for (const [how, forgery] of Object.entries(forgeries)) {
    const world = await worldOf(name);
    await runRecovery(world.start({ tools: toolsOn(world.disk) }));
    forgeJournal(world.disk, world.server.outcomes[0]!.attemptId, forgery);
    const server = quietServer(world.server, []);
    const asked: string[] = [];
    const tools = toolsOn(world.disk);
    const ask = (words: readonly string[]) => {
      if (classOfTrial(name) !== 'reversible') asked.push(words.join(' '));
    };
    await startAgain(world, world.disk, server, 6000, {
      run: request => {
        // Every start looks whether the volume is encrypted; a look changes nothing.
        if (request.arguments[0] !== '-status') ask(request.arguments);
        return tools.run(request);
      },
      runProgram: request => {
        ask([request.path]);
        return tools.runProgram(request);
      },
    });
    assert.deepEqual(asked, [], how);
    row.add(resultOf(name, world.disk, server, edges), faults['forged journal'].allowed, how);
  }
}

/** How each thing goes wrong. */
const provoke: Readonly<Record<FaultName, (name: TrialName, row: Row) => Promise<void>>> = {
  'disk full': (name, row) => disturb(name, 'disk full', 'disk-full', row),
  'access denied': (name, row) => disturb(name, 'access denied', 'access-denied', row),
  'device error': (name, row) => disturb(name, 'device error', 'input-output', row),
  'file in use': hold,
  'tool hangs': async (name, row) =>
    tryFault(name, 'tool hangs', row, await edgesOf(name), '', { tool: 'hangs' }),
  'tool dies': async (name, row) =>
    tryFault(name, 'tool dies', row, await edgesOf(name), '', { tool: 'dies' }),
  'tool lies': async (name, row) =>
    tryFault(name, 'tool lies', row, await edgesOf(name), '', { tool: 'lies' }),
  'forged journal': forge,
};

describe('cut off at any host call and started again', () => {
  for (const name of trialNames) test(name, t => cut(t, name));
});

describe('whatever goes wrong: as before, as after, or told', () => {
  for (const name of trialNames)
    test(name, async t => {
      for (const [what, fault] of Object.entries(faults) as [FaultName, Fault][]) {
        if (fault.allowed[classOfTrial(name)].length === 0) continue;
        const row = new Row(name, what);
        await provoke[what](name, row);
        row.tell(t);
      }
    });
});
