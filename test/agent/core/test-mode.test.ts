import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runRecovery } from '../../../agent/core/run-recovery.ts';
import { readJsonFile } from '../../../agent/core/state-folder.ts';
import { testReport } from '../../../agent/core/test-mode.ts';
import type { MemoryHostOptions } from '../../../agent/host/memory-host.ts';
import { machine } from '../../../server/catalog/crowdstrike-2024-07-19/machine.ts';
import { connectionRefused, type FakeServerOptions } from '../support/fake-server.ts';
import { createWorld, listFiles } from '../support/world.ts';

async function runTest(server: FakeServerOptions = {}, over: Partial<MemoryHostOptions> = {}) {
  const world = await createWorld(machine, server);
  const before = listFiles(world.disk);
  const host = world.start({ startReason: { kind: 'test-mode' }, ...over });
  const end = await runRecovery(host);
  const report = readJsonFile(host, 'C:\\ProgramData\\Bootmend\\last-test.json', testReport);
  assert.deepEqual(listFiles(world.disk), before, 'a test leaves no trace outside of Bootmend’s own folder');
  return { world, host, end, report: report.kind === 'value' ? report.value : undefined };
}

test('the five phases are walked, a file goes away and comes back, and Windows starts', async () => {
  const { world, end, report } = await runTest();
  assert.deepEqual(end, { kind: 'reboot' });
  assert.equal(report?.ok, true);
  const phases = report?.story.map(one => one.phase);
  assert.deepEqual(phases, [
    'failed-boot',
    'winre',
    'find-windows',
    'orient',
    'network',
    'check-in',
    'apply',
    'report',
  ]);
  assert.equal(world.server.checkIns[0]?.reason, 'test-mode');
  assert.equal(world.server.outcomes.length, 0, 'an order in the answer is not carried out in a test');
});

test('what fails is written down, and Windows starts all the same', async () => {
  const away = await runTest({ trouble: () => connectionRefused });
  assert.deepEqual(away.end, { kind: 'reboot' });
  assert.deepEqual(
    [away.report?.problem?.phase, away.report?.problem?.code],
    ['check-in', 'connection-refused'],
  );
  const offline = await runTest({}, { networkUp: () => false });
  assert.deepEqual(offline.end, { kind: 'reboot' });
  assert.equal(offline.report?.problem?.code, 'no-network');
  assert.ok(offline.host.clock.monotonicMs() < 5 * 60_000, 'a test does not wait for hours');
});

test('a key opens the menu during a test, too', async () => {
  const { end } = await runTest({}, { networkUp: () => false, keyPressedAtMs: 9000 });
  assert.equal(end.kind === 'handed-over' && end.code, 'key-pressed');
});
