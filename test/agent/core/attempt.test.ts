import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findWindows } from '../../../agent/core/found-windows.ts';
import { findJournal } from '../../../agent/core/journal.ts';
import { runRecovery } from '../../../agent/core/run-recovery.ts';
import { undoAndClose } from '../../../agent/core/undo-attempt.ts';
import { fileError } from '../../../agent/host/file-failure.ts';
import type { HostCall } from '../../../agent/host/memory-host.ts';
import { machine } from '../../../server/catalog/crowdstrike-2024-07-19/machine.ts';
import type { FakeServerOptions } from '../support/fake-server.ts';
import { createWorld, listFiles, listQuarantine } from '../support/world.ts';

const folder = '%SystemRoot%\\System32\\drivers\\CrowdStrike';
const order =
  (script: string): NonNullable<FakeServerOptions['decide']> =>
  (told, server) =>
    told.kind === 'check-in' ? server.remediate(told.message, { script }) : { kind: 'carry-on' };

test('a rename stays in its folder, and is undone byte for byte', async () => {
  const script = `rename ${folder}\\C-00000285-00000000-00000012.sys to C-00000285.off\nreboot\n`;
  const world = await createWorld(machine, { decide: order(script) });
  const before = listFiles(world.disk);
  assert.deepEqual(await runRecovery(world.start()), { kind: 'reboot' });
  const [outcome] = world.server.outcomes;
  const change = outcome?.steps[0]?.changes[0];
  assert.ok(change?.kind === 'rename');
  assert.equal(change.toPath, 'C:\\Windows\\System32\\drivers\\CrowdStrike\\C-00000285.off');
  assert.ok(listFiles(world.disk).has('C:\\Windows\\System32\\drivers\\CrowdStrike\\C-00000285.off'));

  const host = world.start();
  const [found, journal] = [findWindows(host), findJournal(host, 'C:\\', outcome?.attemptId ?? '')];
  assert.ok(found.ok && journal);
  assert.ok(undoAndClose(host, found.windows, journal).ok);
  assert.deepEqual(listFiles(world.disk), before);
});

test('a change that fails half way: everything before it is taken back', async () => {
  const script = `delete ${folder}\\C-0000029*.sys\nreboot\n`;
  const world = await createWorld(machine, { decide: order(script) });
  const before = listFiles(world.disk);
  const host = world.start({
    beforeCall: ({ name, subject }) => {
      if (name === 'files.rename' && subject.includes('C-00000292'))
        throw fileError('access-denied', 'in use');
    },
  });
  const end = await runRecovery(host);
  assert.equal(end.kind === 'handed-over' && end.code, 'access-denied');
  assert.ok(
    host.calls.some(({ name, subject }) => name === 'files.rename' && subject.includes('C-00000290')),
  );
  assert.deepEqual(listFiles(world.disk), before);
  assert.deepEqual(listQuarantine(world.disk), []);
  const [outcome] = world.server.outcomes;
  assert.deepEqual([outcome?.state, outcome?.code], ['undone', 'access-denied']);
});

test('a promise of the script that does not hold at the end: everything is taken back', async () => {
  const script = [
    `delete ${folder}\\C-00000291-00000000-00000032.sys`,
    `verify file ${folder}\\never-there.sys`,
    'reboot',
    '',
  ].join('\n');
  const world = await createWorld(machine, { decide: order(script) });
  const before = listFiles(world.disk);
  const end = await runRecovery(world.start());
  assert.equal(end.kind === 'handed-over' && end.code, 'verify-failed');
  assert.deepEqual(listFiles(world.disk), before);
  const [outcome] = world.server.outcomes;
  assert.deepEqual([outcome?.state, outcome?.line, outcome?.steps[0]?.state], ['undone', 2, 'undone']);
});

test('a failure that the server never heard of is told at the next start', async () => {
  const script = `delete ${folder}\\C-00000291-00000000-00000032.sys\nverify file ${folder}\\never-there.sys\nreboot\n`;
  let isAway = true;
  const world = await createWorld(machine, {
    decide: order(script),
    trouble: ({ path }) =>
      path === '/v1/outcome' && isAway
        ? { ok: false, failure: { kind: 'transient', code: 'connection-refused', message: '' } }
        : undefined,
  });
  await runRecovery(world.start());
  isAway = false;
  await runRecovery(world.start());
  const previous = world.server.checkIns[1]?.previousAttempt;
  assert.deepEqual([previous?.state, previous?.code], ['undone', 'verify-failed']);
});

test('a script without a restart leaves the machine in the menu, repaired', async () => {
  const script = `delete ${folder}\\C-00000291-00000000-00000032.sys\n`;
  const world = await createWorld(machine, { decide: order(script) });
  const end = await runRecovery(world.start());
  assert.equal(end.kind === 'handed-over' && end.code, 'applied-without-restart');
  assert.equal(world.server.outcomes[0]?.state, 'applied');
});

test('what could not be taken back is told as stuck, and tried again at the next start', async () => {
  const script = `delete ${folder}\\C-0000029*.sys\nreboot\n`;
  const world = await createWorld(machine, { decide: order(script) });
  const before = listFiles(world.disk);
  const inUse =
    (pattern: RegExp) =>
    ({ name, subject }: HostCall) => {
      if (name === 'files.rename' && pattern.test(subject)) throw fileError('access-denied', 'in use');
    };
  const first = await runRecovery(world.start({ beforeCall: inUse(/C-00000292|quarantine/) }));
  assert.equal(first.kind === 'handed-over' && first.code, 'undo-failed');
  assert.equal(world.server.outcomes[0]?.state, 'stuck');

  const second = await runRecovery(world.start({ beforeCall: inUse(/quarantine/) }));
  assert.equal(second.kind === 'handed-over' && second.code, 'earlier-attempt-stuck');
  assert.deepEqual(world.server.checkIns[1]?.previousAttempt?.state, 'stuck');

  await runRecovery(world.start({ beforeCall: inUse(/C-00000292/) }));
  assert.equal(world.server.outcomes.at(-1)?.state, 'undone');
  assert.deepEqual(listFiles(world.disk), before);
});
