import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HealthyDeviceRead } from '../../../../server/features/devices/healthy-device-read.ts';
import { HealthyQuestions } from '../../../../server/features/known-issues/healthy-questions.ts';
import { parseReadinessAnswer, readinessExample } from '../../../../shared/wire/readiness.ts';
import { startTestServer } from '../../../support/running-server.ts';
import { channelFacts, WireDevice } from '../../../support/wire-device.ts';

const server = await startTestServer();
let daysLater = 0;
const healthy = new HealthyDeviceRead({
  sql: server.database,
  clock: () => new Date(Date.now() + daysLater * 86_400_000),
});
const list = () => healthy.listAfter('default', null, 10);

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
  assert.equal(await healthy.count('default'), 1);
});

test('a machine that was not heard of for a month, and one that is not accepted, are no proof', async () => {
  daysLater = 31;
  assert.equal(await healthy.count('default'), 0);
  daysLater = 0;
  await server.database.query(`update device set state = 'pending'`);
  assert.equal(await healthy.count('default'), 0);
  await server.database.query(`update device set state = 'active'`);
  assert.equal(await healthy.count('default'), 1);
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
  assert.equal(await healthy.count('default'), 1);
  const { facts: _, ...silent } = readinessExample;
  await device.post('/v1/readiness', { ...silent, device: { name: 'WIRE-1' } });
  assert.equal(await healthy.count('default'), 1, 'a message without facts changes none');
});
