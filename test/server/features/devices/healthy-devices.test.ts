import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type HealthyDevice,
  HealthyDeviceRead,
} from '../../../../server/features/devices/healthy-device-read.ts';
import { HealthyQuestions } from '../../../../server/features/known-issues/healthy-questions.ts';
import { parseReadinessAnswer, readinessExample } from '../../../../shared/wire/readiness.ts';
import { deviceDetail, healthyTwins } from '../../../../shared/api/device.ts';
import { Browser } from '../../../support/console-listener.ts';
import { startTestServer } from '../../../support/running-server.ts';
import { channelFacts, WireDevice } from '../../../support/wire-device.ts';

const server = await startTestServer();
let daysLater = 0;
const healthy = new HealthyDeviceRead({
  sql: server.database,
  clock: () => new Date(Date.now() + daysLater * 86_400_000),
});
const list = async (most?: number) => {
  const devices: HealthyDevice[] = [];
  for await (const batch of healthy.read('default', { batch: 2, ...(most !== undefined && { most }) }))
    devices.push(...batch);
  return devices;
};
const count = async () => (await list()).length;

const device = await WireDevice.enrol(server);
const tell = async (facts: object) => {
  const { json } = await device.post('/v1/readiness', {
    ...readinessExample,
    device: { name: 'WIRE-1' },
    facts,
  });
  const parsed = parseReadinessAnswer(json);
  assert.ok(parsed.ok, JSON.stringify(json));
  return parsed.value;
};
const facts = { 'os.build': 22_631, 'driver.csagent.version': '7.15.18513.0' };

test('the newest facts of a healthy machine are kept, held to the vocabulary', async () => {
  await tell({ 'os.build': 22_000 });
  await tell({ ...facts, 'os.revision': 'many', 'my.secret': 'x' });
  assert.deepEqual(
    (await list()).map(one => [one.deviceId, one.facts]),
    [[device.deviceId, facts]],
  );
  assert.equal(await count(), 1);
});

test('a machine that was not heard of for a month, and one that is not accepted, are no proof', async () => {
  daysLater = 31;
  assert.equal(await count(), 0);
  daysLater = 0;
  await server.database.query(`update device set state = 'pending'`);
  assert.equal(await count(), 0);
  await server.database.query(`update device set state = 'active'`);
  assert.equal(await count(), 1);
});

test('a machine that fails is healthy again only by facts of a later start in order', async () => {
  await device.checkIn({ facts: channelFacts });
  assert.deepEqual(await list(), [], 'while its incident is open');
  await tell({});
  const questions = new HealthyQuestions({ sql: server.database, clock: () => new Date() });
  assert.deepEqual(
    await questions.list('default'),
    [{ kind: 'driver-version', driver: 'csagent' }],
    'healthy machines are asked about the driver that crashes others',
  );
  await server.database.query(`delete from live_incident`);
  assert.deepEqual(await list(), [], 'a start after a crash takes the facts back');
  await tell(facts);
  assert.equal(await count(), 1);
  const { facts: _, ...silent } = readinessExample;
  await device.post('/v1/readiness', { ...silent, device: { name: 'WIRE-1' } });
  assert.equal(await count(), 1, 'a message without facts changes none');
});

test('a machine shows what it came up with, and an incident the healthy machines of its model', async () => {
  const failing = await WireDevice.enrol(server);
  await server.database.query(`update device set model = 'Contoso Book'`);
  await failing.checkIn({ facts: channelFacts });
  const admin = new Browser(server.consoleUrl);
  const secret = server.welcomeLink!.split('#')[1]!;
  await admin.send('POST', '/api/session/link', { secret, name: 'anna', password: 'a long enough password' });
  const shown = deviceDetail.parse((await admin.send('GET', `/api/devices/${device.deviceId}`)).json);
  assert.deepEqual(shown.startedWith?.facts, facts);
  const { incidents } = await server.features.incidents.list('default', {});
  const { incidentId } = incidents.find(one => one.deviceId === failing.deviceId)!;
  const twinsOf = async (id: string) =>
    healthyTwins.parse((await admin.send('GET', `/api/incidents/${id}/healthy-machines`)).json).devices;
  assert.deepEqual(
    (await twinsOf(incidentId)).map(one => one.deviceId),
    [device.deviceId],
  );
  await server.database.query(`update device set model = 'Contoso Desk' where device_id = $1`, [
    device.deviceId,
  ]);
  assert.deepEqual(await twinsOf(incidentId), [], 'of another model');
  assert.deepEqual(await twinsOf('nonsense'), []);
});

test('however the batches fall, each healthy machine is read once, and at most as many as are wanted', async () => {
  for (let n = 0; n < 4; n++) await WireDevice.enrol(server);
  await server.database.query(
    `insert into device_facts select organization_id, device_id, now(), '{"os.build":22631}' from device
     on conflict do nothing`,
  );
  const ids = (await list()).map(one => one.deviceId);
  assert.equal(ids.length, 5, 'and not the one that is down');
  assert.deepEqual(ids, ids.toSorted());
  assert.equal(await healthy.countAtMost('default'), 6);
  for (const most of [1, 2, 3, 6]) assert.ok((await list(most)).length <= most);
});
