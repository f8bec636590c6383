import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import { runRecovery } from '../../../agent/core/run-recovery.ts';
import { fileError } from '../../../agent/host/file-failure.ts';
import type { FileFailureCode, Host } from '../../../agent/host/host.ts';
import type { MemoryDisk } from '../../../agent/host/memory-disk.ts';
import type { MemoryHostOptions } from '../../../agent/host/memory-host.ts';
import type { ToolTrouble } from '../../../agent/lab/tools/lab-tools.ts';
import { actionDefinitions, actionTable } from '../../../shared/remediation/action-table.ts';
import type { Action } from '../../../shared/remediation/syntax-tree.ts';
import { actionMachine, actionScript } from '../support/action-machine.ts';
import { actionTrials } from '../support/action-trials.ts';
import type { FakeServer } from '../support/fake-server.ts';
import { afterCut, type Fault, type FaultName, type FaultResult, faults } from '../support/faults.ts';
import { forgeJournal, forgeries } from '../support/forged-journal.ts';
import { holdingFile } from '../support/held-file.ts';
import { memoryVolume } from '../support/memory-volume.ts';
import { recordMoments, sampleStates, startAgain, toolsOn } from '../support/power-cut.ts';
import { ordering, quietServer } from '../support/trial-server.ts';
import { createWorld, listFiles, type World } from '../support/world.ts';

type Verb = Action['verb'];
const isWhole = process.env.BOOTMEND_POWER_CUTS === 'all';
/** States of the disk that are tried per action; `npm run bench -- power-cut` tries all. */
const mostCuts = isWhole ? Infinity : 8;
/** Calls that are made to fail per action and kind of failure. */
const mostFaults = isWhole ? Infinity : 1;

const worldOf = (verb: Verb): Promise<World> =>
  createWorld(actionMachine(verb), { decide: ordering(actionScript(verb)) });

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
function resultOf(verb: Verb, disk: MemoryDisk, server: FakeServer, edges: Edges): FaultResult | 'half' {
  const { before, after } = edges;
  const now = listFiles(disk);
  const names = [...new Set([...before.keys(), ...after.keys(), ...now.keys()])];
  const isLike = (edge: Files) => !names.some(name => differs(now, edge, name));
  if (isLike(after)) return 'after';
  const byTool = actionTable[verb].class !== 'reversible';
  const isElsewhere = names.some(name => !differs(before, after, name) && differs(now, before, name));
  if (byTool && !isElsewhere && actionTrials[verb].isDone(memoryVolume(disk))) return 'after';
  if (isToldStuck(server)) return 'told';
  if (!isLike(before)) return 'half';
  return server.outcomes.some(one => one.state === 'applied') ? 'believed' : 'before';
}

const known = new Map<Verb, Promise<Edges>>();
/** How the action ends when nothing goes wrong. */
function edgesOf(verb: Verb): Promise<Edges> {
  const edges = known.get(verb) ?? findEdges(verb);
  known.set(verb, edges);
  return edges;
}

async function findEdges(verb: Verb): Promise<Edges> {
  const world = await worldOf(verb);
  const before = listFiles(world.disk);
  const end = await runRecovery(world.start({ tools: toolsOn(world.disk) }));
  assert.equal(end.kind, 'reboot', JSON.stringify(end));
  assert.equal(actionTrials[verb].isDone(memoryVolume(world.disk)), true);
  return { before, after: listFiles(world.disk) };
}

/** What became of a machine in the start in which something went wrong, and by the next one. */
class Row {
  readonly results = new Map<string, number>();
  readonly #verb: Verb;
  readonly #fault: string;

  constructor(verb: Verb, fault: string) {
    this.#verb = verb;
    this.#fault = fault;
  }

  add(result: FaultResult | 'half', allowed: Fault['allowed'], how: string): void {
    this.results.set(result, (this.results.get(result) ?? 0) + 1);
    const may: readonly string[] = allowed[actionTable[this.#verb].class];
    assert.ok(may.includes(result), `${this.#verb}, ${this.#fault}: ${result} (${how})`);
  }

  /** One cell of the matrix, for whoever prints it. */
  tell(t: TestContext): void {
    const cell = [...this.results].map(([result, times]) => `${result} ${times}`).join(', ');
    t.diagnostic(`matrix | ${this.#verb} | ${this.#fault} | ${cell}`);
  }
}

async function cut(t: TestContext, verb: Verb): Promise<void> {
  const edges = await edgesOf(verb);
  const world = await worldOf(verb);
  const { moments } = await recordMoments(world);
  const [ordered, left] = [new Row(verb, 'cut, then ordered again'), new Row(verb, 'cut, then left alone')];
  const isRepeatable = actionTable[verb].class === 'repeatable';
  for (const [at, { call, disk, server }] of sampleStates(moments, mostCuts).entries()) {
    const isLeft = at % 2 === 1;
    const heard = isLeft ? quietServer(server) : server;
    const again = await startAgain(world, disk, heard, 4000 + at);
    const result = resultOf(verb, disk, heard, edges);
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
async function disturb(verb: Verb, fault: FaultName, code: FileFailureCode, row: Row): Promise<void> {
  const changing = code === 'disk-full' ? needsRoom : anyChange;
  const edges = await edgesOf(verb);
  const probe = await worldOf(verb);
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
      await tryFault(verb, fault, row, edges, `call ${at}${lasts ? ' and on' : ''}`, {
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
  verb: Verb,
  fault: FaultName,
  row: Row,
  edges: Edges,
  how: string,
  { options = {}, over = host => host, tool }: Trouble,
): Promise<void> {
  const world = await worldOf(verb);
  const troubleOf = ({ arguments: [first] }: { readonly arguments: readonly string[] }) =>
    first === '/export' ? undefined : tool;
  const tools = toolsOn(world.disk, undefined, troubleOf);
  const end = await runRecovery(over(world.start({ tools, ...options })));
  const found = resultOf(verb, world.disk, world.server, edges);
  // Where nothing can be written any more, nothing can be taken back or told either: the menu comes.
  const result = found === 'half' && end.kind === 'handed-over' ? 'left' : found;
  row.add(result, faults[fault].allowed, how);
  const change = world.server.outcomes.at(-1)?.steps[0]?.changes[0];
  if (result === 'believed') assert.equal(change?.kind === 'run-tool' && change.provenBy, 'tool-word');
  const server = result === 'left' ? quietServer(world.server) : world.server;
  await startAgain(world, world.disk, server, 5000);
  const next = resultOf(verb, world.disk, server, edges);
  if (result === 'left') assert.ok(['before', 'told'].includes(next), `${verb}, ${fault}: ${next} (${how})`);
  const isSound = next !== 'half' && (next !== 'believed' || fault === 'tool lies');
  assert.ok(isSound, `${verb}, ${fault}: ${next} in the next start (${how})`);
}

const ways = ['alone', 'for reading'] as const;

/** What a person has to save or to edit is held by somebody else: each file that the action changes, and the hives. */
async function hold(verb: Verb, row: Row): Promise<void> {
  const edges = await edgesOf(verb);
  const changed = [...edges.before.keys()].filter(name => differs(edges.before, edges.after, name));
  const hives = ['SYSTEM', 'SOFTWARE'].map(name => `C:\\Windows\\System32\\config\\${name}`);
  for (const [at, path] of [...new Set([...changed, ...hives])].entries())
    for (const how of isWhole ? ways : [ways[at % 2]!])
      await tryFault(verb, 'file in use', row, edges, `${path} ${how}`, {
        over: host => holdingFile(host, path, how),
      });
}

/** A journal of a finished attempt, written anew: nothing is moved by it but what the attempt moved, and no tool starts. */
async function forge(verb: Verb, row: Row): Promise<void> {
  const edges = await edgesOf(verb);
  for (const [how, forgery] of Object.entries(forgeries)) {
    const world = await worldOf(verb);
    await runRecovery(world.start({ tools: toolsOn(world.disk) }));
    forgeJournal(world.disk, world.server.outcomes[0]!.attemptId, forgery);
    const server = quietServer(world.server, []);
    const asked: string[] = [];
    const tools = toolsOn(world.disk);
    const ask = (words: readonly string[]) => {
      if (actionTable[verb].class !== 'reversible') asked.push(words.join(' '));
    };
    await startAgain(world, world.disk, server, 6000, {
      run: request => {
        ask(request.arguments);
        return tools.run(request);
      },
      runProgram: request => {
        ask([request.path]);
        return tools.runProgram(request);
      },
    });
    assert.deepEqual(asked, [], how);
    row.add(resultOf(verb, world.disk, server, edges), faults['forged journal'].allowed, how);
  }
}

/** How each thing goes wrong. */
const provoke: Readonly<Record<FaultName, (verb: Verb, row: Row) => Promise<void>>> = {
  'disk full': (verb, row) => disturb(verb, 'disk full', 'disk-full', row),
  'access denied': (verb, row) => disturb(verb, 'access denied', 'access-denied', row),
  'device error': (verb, row) => disturb(verb, 'device error', 'input-output', row),
  'file in use': hold,
  'tool hangs': async (verb, row) =>
    tryFault(verb, 'tool hangs', row, await edgesOf(verb), '', { tool: 'hangs' }),
  'tool dies': async (verb, row) =>
    tryFault(verb, 'tool dies', row, await edgesOf(verb), '', { tool: 'dies' }),
  'tool lies': async (verb, row) =>
    tryFault(verb, 'tool lies', row, await edgesOf(verb), '', { tool: 'lies' }),
  'forged journal': forge,
};

describe('cut off at any host call and started again', () => {
  for (const { verb } of actionDefinitions) test(verb, t => cut(t, verb));
});

describe('whatever goes wrong: as before, as after, or told', () => {
  for (const { verb, class: kind } of actionDefinitions)
    test(verb, async t => {
      for (const [name, fault] of Object.entries(faults) as [FaultName, Fault][]) {
        if (fault.allowed[kind].length === 0) continue;
        const row = new Row(verb, name);
        await provoke[name](verb, row);
        row.tell(t);
      }
    });
});
