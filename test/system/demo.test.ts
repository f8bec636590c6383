import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runCommand } from '../support/command.ts';

test('the demo heals the machine it broke, in two round trips, and ends with one line of JSON', async () => {
  const { code, out, err } = await runCommand('npm', ['run', '-s', 'demo', '--', '--exit', '--json']);
  assert.equal(code, 0, err);
  const lines = out.trimEnd().split('\n');
  assert.equal(lines.length, 1, out);
  const { healed, deleted, kept, roundTrips, seconds } = JSON.parse(lines[0]!) as Record<string, unknown>;
  assert.equal(healed, true);
  assert.deepEqual(deleted, ['Windows\\System32\\drivers\\CrowdStrike\\C-00000291-00000000-00000032.sys']);
  assert.ok(
    Array.isArray(kept) &&
      kept.includes('Windows\\System32\\drivers\\CrowdStrike\\C-00000291-00000000-00000031.sys'),
  );
  assert.equal(roundTrips, 2);
  assert.equal(typeof seconds, 'number');
  for (const told of ['check in', 'verify', 'apply', 'Windows is up again'])
    assert.ok(err.includes(told), told);
});

test('the demo says which port it cannot use, and starts nothing', async () => {
  const { code, err } = await runCommand('npm', ['run', '-s', 'demo'], { BOOTMEND_CONSOLE_PORT: '99999' });
  assert.equal(code, 1);
  assert.equal(
    err,
    'The demo did not start. BOOTMEND_CONSOLE_PORT is 99999; a whole number from 0 to 65535 is accepted.\n',
  );
});
