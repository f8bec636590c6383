import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { actionTable } from '../../../shared/remediation/action-table.ts';
import type { Action } from '../../../shared/remediation/syntax-tree.ts';
import { trialMachine, trialScript } from '../support/action-machine.ts';
import { actionTrials } from '../support/action-trials.ts';
import { memoryVolume } from '../support/memory-volume.ts';
import { recordMoments, sampleStates, startAgain } from '../support/power-cut.ts';
import { ordering, quietServer } from '../support/trial-server.ts';
import { createWorld, listFiles } from '../support/world.ts';

const most = process.env.BOOTMEND_POWER_CUTS === 'all' ? Infinity : 30;
const reversible = ['delete', 'rename', 'copy', 'restore', 'disable'] as const;
/** What the tools of these scripts write, which is not ours to take back. */
const byTools = /\\(ct-core\.dll|pending\.xml|SOFTWARE)$/;

/**
 * Cuts one script of many actions off at any call; the server says nothing more, so what the next start makes of it
 * is all there is: every reversible change is made or none is, and once the point of no return is passed a person
 * hears of it unless all is done.
 */
async function cutTogether(t: TestContext, verbs: readonly Action['verb'][]): Promise<void> {
  const trials = verbs.map(verb => actionTrials[verb]);
  const world = await createWorld(trialMachine(`many-${verbs.length}`, trials), {
    decide: ordering(trialScript(trials)),
  });
  const before = listFiles(world.disk);
  const { end, moments } = await recordMoments(world);
  assert.equal(end.kind, 'reboot', JSON.stringify(end));
  const after = listFiles(world.disk);
  assert.ok(trials.every(one => one.isDone(memoryVolume(world.disk))));
  const hasOneWay = verbs.some(verb => actionTable[verb].class === 'one-way');
  const row: Record<string, number> = {};
  for (const [at, { call, disk, server }] of sampleStates(moments, most).entries()) {
    const quiet = quietServer(server);
    const again = await startAgain(world, disk, quiet, 7000 + at);
    const now = listFiles(disk);
    const names = [...new Set([...before.keys(), ...after.keys(), ...now.keys()])];
    const ours = names.filter(name => !byTools.test(name));
    const isLike = (edge: typeof before) => ours.every(name => now.get(name) === edge.get(name));
    const isTold = quiet.checkIns.some(one => one.previousAttempt?.state === 'stuck');
    const isDone = trials.every(one => one.isDone(memoryVolume(disk)));
    const result = isLike(before)
      ? 'before'
      : isLike(after) && isDone
        ? 'after'
        : isLike(after) && hasOneWay && isTold
          ? 'told'
          : 'half';
    row[result] = (row[result] ?? 0) + 1;
    assert.notEqual(result, 'half', `${call}: ${JSON.stringify(again)}`);
  }
  t.diagnostic(`${moments.length} moments: ${JSON.stringify(row)}`);
}

test('five reversible actions in one script, cut off at any call: all of them or none', t =>
  cutTogether(t, reversible));

test('the same before tools and a step without a way back: all, none, or told', t =>
  cutTogether(t, [...reversible, 'repair system files', 'revert pending updates']));
