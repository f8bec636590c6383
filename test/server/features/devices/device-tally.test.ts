import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DeviceTally } from '../../../../server/features/devices/device-tally.ts';
import { DeviceTallyStore } from '../../../../server/features/devices/device-tally-store.ts';
import { withDatabase } from '../../../support/database.ts';
import { storeIncidents } from '../../../support/stored-incidents.ts';

const { database } = await withDatabase();
const tally = new DeviceTally(database);
const counts = new DeviceTallyStore(database);

/** The truth by looking at every device. */
async function scanned() {
  const [states] = await database.query<{ active: number; pending: number; retired: number }>(
    `select count(*) filter (where state = 'active')::integer as active,
       count(*) filter (where state = 'pending')::integer as pending,
       count(*) filter (where state = 'retired')::integer as retired
     from device`,
  );
  const tenths = await database.query<{ tenth: number; devices: number }>(
    `select least(9, score / 10) as tenth, count(*)::integer as devices
     from device_readiness join device using (organization_id, device_id) where state <> 'retired' group by 1`,
  );
  return {
    states,
    tenths: Array.from({ length: 10 }, (_, tenth) => tenths.find(one => one.tenth === tenth)?.devices ?? 0),
  };
}

const told = async () => ({
  states: await counts.countByState('default'),
  tenths: await counts.countTenths('default'),
});

test('counts of devices are the truth through every change, before and after they are summed up', async () => {
  await storeIncidents(database, 2000, new Date('2026-03-01T08:00:00.000Z'));
  const changes = [
    `update device set state = 'retired' where device_id in ('device-3', 'device-10', 'device-17')`,
    `update device set state = 'active' where state = 'pending' or device_id = 'device-3'`,
    `update device set last_seen_at = now(), state = state where device_id like 'device-1%'`,
    `update device_readiness set score = 100 where score between 20 and 39`,
    `update device_readiness set score = score + 1 where score < 100`,
    `delete from device_readiness where device_id like 'device-4%'`,
  ];
  for (const change of ['select 1', ...changes]) {
    await database.query(change);
    const truth = await scanned();
    assert.deepEqual(await told(), truth, change);
    if (change.includes('state')) await tally.sum();
    assert.deepEqual(await told(), truth, `${change}, summed up`);
  }
  await Promise.all([
    tally.sum(),
    database.query(`update device set state = 'retired' where device_id like 'device-2%'`),
    tally.sum(),
  ]);
  assert.deepEqual(await told(), await scanned());
  await tally.sum();
  const [{ rows }] = (await database.query<{ rows: number }>(
    'select count(*)::integer as rows from device_tally',
  )) as [{ rows: number }];
  assert.ok(rows <= 13, `${rows} rows`);
});
