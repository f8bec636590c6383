import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HealthyDeviceRead } from '../../../../server/features/devices/healthy-device-read.ts';
import { DeviceBook } from '../../../../server/features/devices/device-book.ts';
import { withDatabase } from '../../../support/database.ts';
import {
  approveScript,
  enrolDevice,
  featuresOver,
  organizationId,
  publishTrust,
  type TestDevice,
} from '../../../support/server-features.ts';

const { database } = await withDatabase();
const features = await featuresOver(database);
await publishTrust(features);
await approveScript(features);
const book = new DeviceBook({
  healthy: new HealthyDeviceRead({ sql: database, clock: () => features.now }),
  sql: database,
  incidentsOf: (organization, deviceId) => features.incidents.listOfDevice(organization, deviceId),
});

const nothing = {
  reason: 'test-mode' as const,
  facts: {},
  evidence: [],
  recallVersion: 0,
  trustVersion: 0,
};
const detailOf = ({ signer }: TestDevice) => book.get(organizationId, signer.deviceId);
const rows = async (table: 'incident' | 'report') =>
  (await database.query(`select from ${table} where organization_id = $1`, [organizationId])).length;

test('a machine that proves the path is no incident, and its test is kept with when Windows came back', async () => {
  const device = await enrolDevice(features);
  const message = device.message(nothing);
  const answer = await device.say(message);
  assert.deepEqual([answer.decision.kind, answer.incidentCode], ['carry-on', 'TEST']);
  assert.equal(answer.trust?.length, 1, 'trust rides on this answer, too');
  await device.say(message);
  const { tests, incidents, device: row } = await detailOf(device);
  assert.deepEqual(
    [tests!.length, tests![0]!.bootedAt, incidents.length, row.isDown],
    [1, undefined, 0, false],
  );
  assert.deepEqual(
    tests![0]!.story.map(({ phase }) => phase),
    ['winre', 'network'],
  );
  features.passMinutes(2);
  assert.equal((await device.booted()).decision.kind, 'carry-on');
  await device.booted();
  assert.equal((await detailOf(device)).tests![0]!.bootedAt, features.now.toISOString());
  assert.deepEqual([await rows('incident'), await rows('report')], [0, 0]);
  assert.deepEqual(features.changed, []);
});

test('a test does not end the incident that a machine is in, and help that it needs is no test', async () => {
  const device = await enrolDevice(features);
  await device.checkIn({ facts: { 'crash.code': '0x7e' } });
  const before = (await device.incident()).incident;
  device.newEpisode();
  await device.checkIn(nothing);
  assert.equal((await device.incident()).incident.state, before.state);

  const ill = await enrolDevice(features);
  const answer = await ill.checkIn({ ...nothing, facts: { 'crash.module': 'csagent.sys' } });
  assert.equal(answer.decision.kind, 'remediate');
  assert.equal((await detailOf(ill)).incidents.length, 1);
});

test('the newest twenty tests of a machine are kept', async () => {
  const device = await enrolDevice(features);
  for (let run = 0; run < 23; run++) {
    device.newEpisode();
    features.passMinutes(1);
    await device.checkIn(nothing);
  }
  assert.equal((await detailOf(device)).tests!.length, 20);
});
