import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { findJournal } from '../../../agent/core/journal.ts';
import { runRecovery } from '../../../agent/core/run-recovery.ts';
import { MemoryDisk } from '../../../agent/host/memory-disk.ts';
import { createMemoryHost, type HostCall } from '../../../agent/host/memory-host.ts';
import { actionDefinitions, actionTable } from '../../../shared/remediation/action-table.ts';
import type { Action } from '../../../shared/remediation/syntax-tree.ts';
import { actionMachine, actionScript } from '../support/action-machine.ts';
import { actionTrials } from '../support/action-trials.ts';
import { memoryVolume } from '../support/memory-volume.ts';
import { toolsOn } from '../support/power-cut.ts';
import { ordering } from '../support/trial-server.ts';
import { createWorld, listFiles, type World } from '../support/world.ts';

const isOwn = (path: string) => /^C:\\ProgramData\\Bootmend(\\|$)/i.test(path);
const withoutFresh = (path: string) => path.replace(/\.bootmend$/, '');
const attemptPattern = /^C:\\ProgramData\\Bootmend\\journal\\([0-9a-f-]+)\.journal$/i;

/** Whether a tool is only asked something: how BitLocker stands, what the boot store says. */
const isLook = (subject: string) => subject.startsWith('manage-bde -status') || subject.includes('/export');

/** The journal as a power cut right now would leave it, if nothing that waits reached the disk. */
function durableJournal({ disk }: World, attemptId: string | undefined) {
  const left = new MemoryDisk({ durable: disk.snapshot().durable, pending: [] });
  return attemptId === undefined
    ? undefined
    : findJournal(createMemoryHost({ disks: { C: left } }), 'C:\\', attemptId);
}

/** Runs the action and asks at every call whether what it begins is on disk already. */
async function watch(verb: Action['verb']) {
  const world = await createWorld(actionMachine(verb), { decide: ordering(actionScript(verb)) });
  const existing = new Set(listFiles(world.disk).keys());
  let attemptId: string | undefined;
  let changes = 0;
  const beforeCall = ({ name, subject }: HostCall) => {
    attemptId ??= attemptPattern.exec(subject)?.[1];
    if (name.startsWith('tools.run') && !isLook(subject)) {
      changes++;
      const journal = durableJournal(world, attemptId);
      assert.ok(journal?.tools.at(-1), `${subject} is announced`);
      assert.equal(journal?.tools.at(-1)?.ended, undefined);
      if (actionTable[verb].class === 'one-way')
        assert.ok(journal?.hasNoReturn, `${subject} stands behind the point of no return`);
    }
    if (!/^files\.(create|append|rename|link|remove)$/.test(name) || isOwn(subject)) return;
    if (name === 'files.create' || name === 'files.append' || name === 'files.remove') {
      // No file that was there is written in place or removed: only what is about to take a place is.
      assert.ok(!existing.has(subject) && subject.endsWith('.bootmend'), `${name} ${subject}`);
      return;
    }
    changes++;
    const place = withoutFresh(subject).slice(2).toLowerCase();
    const announced = durableJournal(world, attemptId)?.intents.map(({ from }) => from.toLowerCase());
    assert.ok(announced?.includes(place), `${name} ${subject} is announced`);
  };
  const end = await runRecovery(world.start({ tools: toolsOn(world.disk), beforeCall }));
  assert.equal(end.kind, 'reboot', JSON.stringify(end));
  return changes;
}

describe('nothing is begun before the journal on disk says so, and no file is written in place', () => {
  for (const { verb } of actionDefinitions)
    test(verb, async () => assert.ok((await watch(verb)) > 0, 'something was watched'));
});

const folder = 'Windows\\System32\\drivers\\Contoso';
/** A line that no plan can stand with: the name is taken. */
const refused = `rename %SystemDrive%\\${folder}\\one.dat to two.dat`;

describe('one line that cannot be planned, and nothing of the script happens', () => {
  for (const { verb, class: kind } of actionDefinitions)
    test(verb, async () => {
      const { step } = actionTrials[verb];
      const steps = kind === 'one-way' ? [refused, step] : [step, refused];
      const script = actionScript(verb).replace(step, steps.join('\n'));
      const world = await createWorld(actionMachine(verb), { decide: ordering(script) });
      for (const name of ['one.dat', 'two.dat'])
        memoryVolume(world.disk).write(`${folder}\\${name}`, new Uint8Array(1), new Date(7000));
      const before = listFiles(world.disk);
      const host = world.start({ tools: toolsOn(world.disk) });
      await runRecovery(host);
      const outcome = world.server.outcomes.at(-1);
      assert.deepEqual([outcome?.state, outcome?.code], ['refused', 'target-exists']);
      assert.deepEqual(listFiles(world.disk), before);
      assert.deepEqual(
        host.calls.filter(({ name, subject }) => name.startsWith('tools.run') && !isLook(subject)),
        [],
      );
    });
});
