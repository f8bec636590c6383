import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import { runRecovery } from '../../../agent/core/run-recovery.ts';
import { fileError } from '../../../agent/host/file-failure.ts';
import type { FileFailureCode } from '../../../agent/host/host.ts';
import type { MemoryDisk } from '../../../agent/host/memory-disk.ts';
import { actionDefinitions, actionTable } from '../../../shared/remediation/action-table.ts';
import type { Action } from '../../../shared/remediation/syntax-tree.ts';
import { actionMachine, actionScript } from '../support/action-machine.ts';
import { actionTrials } from '../support/action-trials.ts';
import type { FakeServer, FakeServerOptions } from '../support/fake-server.ts';
import { memoryVolume } from '../support/memory-volume.ts';
import { recordMoments, sampleStates, startAgain, toolsOn } from '../support/power-cut.ts';
import { createWorld, listFiles, type World } from '../support/world.ts';

/** States of the disk that are tried per action; `npm run bench -- power-cut` tries all. */
const most = process.env.BOOTMEND_POWER_CUTS === 'all' ? Infinity : 10;
/** Calls that are made to fail per action and kind of failure. */
const mostFaults = process.env.BOOTMEND_POWER_CUTS === 'all' ? Infinity : 4;

const order =
  (script: string): NonNullable<FakeServerOptions['decide']> =>
  (told, server) =>
    told.kind === 'check-in'
      ? server.remediate(told.message, { script, approval: { risk: 'medium' } })
      : { kind: 'carry-on' };

const worldOf = (verb: Action['verb']): Promise<World> =>
  createWorld(actionMachine(verb), { decide: order(actionScript(verb)) });

const isToldStuck = (server: FakeServer) =>
  server.outcomes.some(one => one.state === 'stuck') ||
  server.checkIns.some(one => one.previousAttempt?.state === 'stuck');

/** The machine before and after its action, file by file. */
interface Edges {
  readonly before: ReadonlyMap<string, string>;
  readonly after: ReadonlyMap<string, string>;
}

/**
 * What a machine comes to: as before, as after, or told to a person. Anything else is a half-done repair. A tool writes
 * its files as it will, so it is done when the volume shows it and every file that is none of its business is as it was.
 */
function resultOf(
  verb: Action['verb'],
  disk: MemoryDisk,
  server: FakeServer,
  { before, after }: Edges,
): 'before' | 'after' | 'told' | 'half' {
  const now = listFiles(disk);
  const names = new Set([...before.keys(), ...after.keys(), ...now.keys()]);
  const differs = (a: Edges['before'], b: Edges['before'], name: string) => a.get(name) !== b.get(name);
  const isLike = (edge: Edges['before']) => ![...names].some(name => differs(now, edge, name));
  if (isLike(after)) return 'after';
  const byTool = actionTable[verb].class !== 'reversible';
  const isElsewhere = [...names].some(name => !differs(before, after, name) && differs(now, before, name));
  if (byTool && !isElsewhere && actionTrials[verb].isDone(memoryVolume(disk))) return 'after';
  if (isToldStuck(server)) return 'told';
  return isLike(before) ? 'before' : 'half';
}

const wanted = {
  reversible: ['before', 'after'],
  repeatable: ['after'],
  'one-way': ['before', 'after', 'told'],
} as const;

async function cut(t: TestContext, verb: Action['verb']): Promise<void> {
  const { class: kind } = actionTable[verb];
  const world = await worldOf(verb);
  const before = listFiles(world.disk);
  const { end, moments } = await recordMoments(world);
  assert.equal(end.kind, 'reboot', JSON.stringify(end));
  const edges = { before, after: listFiles(world.disk) };
  assert.equal(resultOf(verb, world.disk, world.server, edges), 'after');
  const row: Record<string, number> = {};
  for (const [at, { call, disk, server }] of sampleStates(moments, most).entries()) {
    const again = await startAgain(world, disk, server, 4000 + at);
    const result = resultOf(verb, disk, server, edges);
    row[result] = (row[result] ?? 0) + 1;
    assert.ok(
      (wanted[kind] as readonly string[]).includes(result),
      `${result} after ${call}: ${JSON.stringify(again)}`,
    );
    // Nobody is told that a machine is healed of what was not done.
    if (result === 'told') assert.equal(again.kind, 'handed-over', call);
  }
  t.diagnostic(`${kind}: ${moments.length} moments; after a cut and a start: ${JSON.stringify(row)}`);
}

/** Calls that need room, and calls that can fail for any other reason. */
const needsRoom = /^files\.(create|append|makeDirectory|link)$/;
const anyChange = /^files\.(create|append|makeDirectory|rename|link|remove|flush)$/;

async function disturb(verb: Action['verb'], code: FileFailureCode, lasts: boolean): Promise<void> {
  const changing = code === 'disk-full' ? needsRoom : anyChange;
  const probe = await worldOf(verb);
  const before = listFiles(probe.disk);
  let calls = 0;
  const count = {
    beforeCall: ({ name }: { readonly name: string }) => void (changing.test(name) && calls++),
  };
  await runRecovery(probe.start({ tools: toolsOn(probe.disk), ...count }));
  const edges = { before, after: listFiles(probe.disk) };
  const stride = Math.max(1, calls / mostFaults);
  for (let fault = 1; fault <= calls; fault += stride) {
    const world = await worldOf(verb);
    let made = 0;
    await runRecovery(
      world.start({
        tools: toolsOn(world.disk),
        beforeCall: ({ name, subject }) => {
          if (!changing.test(name)) return;
          const at = Math.floor(fault);
          if (++made === at || (lasts && made > at)) throw fileError(code, `${subject}: ${code}`);
        },
      }),
    );
    const result = resultOf(verb, world.disk, world.server, edges);
    assert.notEqual(result, 'half', `${verb}, call ${Math.floor(fault)}: ${code}`);
  }
}

describe('cut off at any host call and started again', () => {
  for (const { verb } of actionDefinitions) test(verb, t => cut(t, verb));
});

describe('disturbed at any change: as before, as after, or told', () => {
  for (const { verb } of actionDefinitions)
    test(verb, async () => {
      await disturb(verb, 'disk-full', true);
      await disturb(verb, 'access-denied', false);
      await disturb(verb, 'input-output', false);
    });
});
