import assert from 'node:assert/strict';
import { test } from 'node:test';
import { auditEndpoints, auditList } from '../../../../shared/api/audit.ts';
import { incidentDetail, incidentEndpoints, incidentList } from '../../../../shared/api/incident.ts';
import { madeApiToken } from '../../../../shared/api/api-token.ts';
import { callByToken } from '../../../support/api-caller.ts';
import { Browser } from '../../../support/console-listener.ts';
import { startTestServer } from '../../../support/running-server.ts';
import { approveCatalog, attemptIn, channelFacts, WireDevice } from '../../../support/wire-device.ts';

const server = await startTestServer();
const { consoleUrl: url } = server;
const admin = new Browser(url);
const secret = server.welcomeLink!.split('#')[1]!;
await admin.send('POST', '/api/session/link', { secret, name: 'anna', password: 'a long enough password' });
const tokenOf = async (role: string) =>
  madeApiToken.parse((await admin.send('POST', '/api/tokens', { name: role, role, days: 1 })).json).secret;
const operator = await tokenOf('operator');
const viewer = await tokenOf('viewer');
await approveCatalog(server);

const idOf = async (device: WireDevice): Promise<string> => {
  const { json } = await callByToken(url, viewer, incidentEndpoints.list, { query: { limit: '200' } });
  return incidentList.parse(json).incidents.find(one => one.deviceId === device.deviceId)!.incidentId;
};
const detailOf = async (incidentId: string) =>
  incidentDetail.parse(
    (await callByToken(url, viewer, incidentEndpoints.get, { params: { incidentId } })).json,
  );
const act = (name: 'retry' | 'assign' | 'markHealed', incidentId: string, body?: object) =>
  callByToken(url, operator, incidentEndpoints[name], { params: { incidentId }, body });
const remediationId = 'crowdstrike-2024-07-19';

/** A machine whose repair failed as often as is allowed. */
async function exhausted(): Promise<WireDevice> {
  const device = await WireDevice.enrol(server);
  for (let failed = 0; failed < 2; failed++) {
    const attemptId = attemptIn(await device.checkIn({ facts: channelFacts }));
    await device.post('/v1/outcome', device.outcomeMessage(attemptId, 'undone'));
  }
  const told = await device.checkIn({ facts: channelFacts });
  assert.equal(told.decision.kind, 'wait');
  return device;
}

test('a second try makes failures before it count no more', async () => {
  const device = await exhausted();
  const incidentId = await idOf(device);
  assert.equal((await act('retry', incidentId)).status, 204);
  attemptIn(await device.checkIn({ facts: channelFacts }));
  const { timeline, incident } = await detailOf(incidentId);
  assert.equal(incident.state, 'treating');
  assert.ok(timeline.some(one => one.kind === 'person' && /began again/.test(one.title)));
});

test('a repair that a person chose goes to a machine that nothing explains, once', async () => {
  const device = await WireDevice.enrol(server);
  await device.checkIn({ facts: {} });
  const incidentId = await idOf(device);
  assert.equal((await act('assign', incidentId, { remediationId: 'no-such' })).status, 404);
  assert.equal((await act('assign', incidentId, { remediationId })).status, 204);
  const before = await detailOf(incidentId);
  assert.deepEqual([before.assigned?.remediationId, before.assigned?.by], [remediationId, 'token:operator']);
  assert.match(before.verdict, /A person chose its repair/);

  const attemptId = attemptIn(await device.checkIn({ facts: {} }));
  assert.equal((await detailOf(incidentId)).assigned, undefined);
  await device.post('/v1/outcome', device.outcomeMessage(attemptId, 'not-applicable'));
  assert.notEqual((await device.checkIn({ facts: {} })).decision.kind, 'remediate');
});

test('what approvers did not sign stays at home, whoever chose it', async () => {
  const device = await WireDevice.enrol(server);
  await device.checkIn({ facts: {} });
  const incidentId = await idOf(device);
  await act('assign', incidentId, { remediationId: 'hp-hpqkbfiltr-2018' });
  assert.equal((await device.checkIn({ facts: {} })).decision.kind, 'wait');
  assert.equal((await detailOf(incidentId)).incident.state, 'awaiting-person');
});

test('marked as healed, an incident is over; a machine that calls again opens another', async () => {
  const device = await WireDevice.enrol(server);
  await device.checkIn({ facts: {} });
  const incidentId = await idOf(device);
  assert.equal((await act('markHealed', incidentId, { note: 'new disk' })).status, 204);
  const { incident, verdict, proof } = await detailOf(incidentId);
  assert.equal(incident.state, 'healed-by-hand');
  assert.match(verdict, /brought back by hand, as token:operator says/);
  assert.match(proof ?? '', /A person’s word: new disk/);
  for (const name of ['retry', 'assign', 'markHealed'] as const)
    assert.equal((await act(name, incidentId, { remediationId })).code, 'illegal-event', name);
  await device.checkIn({ facts: {} });
  assert.notEqual(await idOf(device), incidentId);
});

test('nobody calls a machine healed while it may be carrying out an order', async () => {
  const device = await WireDevice.enrol(server);
  attemptIn(await device.checkIn({ facts: channelFacts }));
  const refused = await act('markHealed', await idOf(device), {});
  assert.deepEqual([refused.status, refused.code], [409, 'illegal-event']);
});

test('a viewer decides nothing, and every act is in the log', async () => {
  const device = await WireDevice.enrol(server);
  await device.checkIn({ facts: {} });
  const params = { incidentId: await idOf(device) };
  for (const name of ['retry', 'assign', 'markHealed'] as const) {
    const refused = await callByToken(url, viewer, incidentEndpoints[name], { params, body: {} });
    assert.deepEqual([refused.status, refused.role], [403, 'operator'], name);
  }
  assert.equal((await detailOf(params.incidentId)).incident.state, 'unexplained');
  const log = await callByToken(url, operator, auditEndpoints.list, {
    query: { action: 'incident-marked-healed' },
  });
  const { entries } = auditList.parse(log.json);
  assert.deepEqual(
    entries.map(({ actor, detail }) => [actor, detail['note']]),
    [['token:operator', 'new disk']],
  );
});
