import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { after, test } from 'node:test';
import { DatabaseUnavailable } from '../../../server/db/database-unavailable.ts';
import { startServer } from '../../../server/start.ts';
import { testConfig } from '../../support/running-server.ts';
import { silentLog } from '../../support/silent-log.ts';
import { answerOf, approveCatalog, attemptIn, channelFacts, WireDevice } from '../../support/wire-device.ts';

// With fsync on, as it is for users.
const config = testConfig();
const server = await startServer(config, { log: silentLog });
after(() => server.stop());
await approveCatalog(server);

const pidFile = path.join(config.dataDir, 'postgres/data/postmaster.pid');

/** The process of PostgreSQL, or undefined while there is none. */
const postmasterOf = () =>
  existsSync(pidFile) ? Number(readFileSync(pidFile, 'utf8').split('\n')[0]) : undefined;

/** Kills PostgreSQL as a crash would, without a word; gives the process that died. */
function killPostgres(): number | undefined {
  const postmaster = postmasterOf();
  if (postmaster !== undefined) process.kill(postmaster, 'SIGKILL');
  return postmaster;
}

/** Waits until the server has started PostgreSQL again and serves. */
async function untilBack(killed: number | undefined): Promise<void> {
  for (;;) {
    const response = await fetch(`${server.consoleUrl}/ready`);
    await response.body?.cancel();
    if (response.status === 200 && postmasterOf() !== killed) return;
  }
}

/** Asks the database itself; a pooled connection that died with the old PostgreSQL may only now say so. */
async function ask<Row extends object>(text: string, values: readonly unknown[]): Promise<Row[]> {
  for (;;) {
    try {
      return await server.database.query<Row>(text, values);
    } catch (error) {
      if (!(error instanceof DatabaseUnavailable)) throw error;
    }
  }
}

const kept = async ({ deviceId }: WireDevice) => {
  const [row] = await ask<Record<string, number>>(
    `select
       (select count(*) from episode where device_id = $1) as episodes,
       (select count(*) from incident where device_id = $1) as incidents,
       (select count(*) from live_incident where device_id = $1) as "liveIncidents",
       (select count(*) from report r join incident i using (incident_id) where i.device_id = $1) as reports,
       (select count(*) from attempt where device_id = $1) as attempts,
       (select count(*) from live_attempt where device_id = $1) as "liveAttempts"`,
    [deviceId],
  );
  return row!;
};

const whole = { episodes: 1, incidents: 1, liveIncidents: 1, reports: 1, attempts: 1, liveAttempts: 1 };
const nothing = { episodes: 0, incidents: 0, liveIncidents: 0, reports: 0, attempts: 0, liveAttempts: 0 };

test('what was answered with 2xx is there after the database was killed right behind the answer', async () => {
  const device = await WireDevice.enrol(server);
  const message = device.checkInMessage({ facts: channelFacts });
  const first = answerOf(await device.post('/v1/check-in', message));
  await untilBack(killPostgres());
  assert.deepEqual(await kept(device), whole);
  assert.deepEqual(answerOf(await device.post('/v1/check-in', message)), first);

  const outcome = device.outcomeMessage(attemptIn(first));
  answerOf(await device.post('/v1/outcome', outcome));
  await untilBack(killPostgres());
  const [attempt] = await ask('select state from attempt where device_id = $1', [device.deviceId]);
  assert.deepEqual(attempt, { state: 'applied' });
});

test('a database that dies amid many check-ins: each is whole or not there, none is lost, a repeat mends it', async () => {
  const devices = await Promise.all(Array.from({ length: 24 }, () => WireDevice.enrol(server)));
  const messages = devices.map(device => device.checkInMessage({ facts: channelFacts }));
  let answered = 0;
  let killed: number | undefined;
  const results = await Promise.all(
    devices.map(async (device, index) => {
      const answer = await device.post('/v1/check-in', messages[index]!);
      if (++answered === 6) killed = killPostgres();
      return answer;
    }),
  );
  await untilBack(killed);
  for (const [index, device] of devices.entries()) {
    const { status, code } = results[index]!;
    const stored = await kept(device);
    if (status === 200) assert.deepEqual(stored, whole, 'acknowledged, so it is there');
    else {
      assert.deepEqual([status, code], [503, 'database-unavailable']);
      // A commit whose acknowledgement was lost is whole; anything between is not possible.
      assert.deepEqual(stored, stored['reports'] === 1 ? whole : nothing);
    }
  }
  for (const [index, device] of devices.entries()) {
    const again = answerOf(await device.post('/v1/check-in', messages[index]!));
    assert.equal(again.decision.kind, 'remediate');
    if (results[index]!.status === 200) assert.deepEqual(again, answerOf(results[index]!));
    assert.deepEqual(await kept(device), whole);
  }
});
