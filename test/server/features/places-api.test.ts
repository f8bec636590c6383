import assert from 'node:assert/strict';
import { test } from 'node:test';
import { auditCheck, auditList } from '../../../shared/api/audit.ts';
import { deviceDetail, deviceList, fleetReadiness } from '../../../shared/api/device.ts';
import { now } from '../../../shared/api/now.ts';
import { readinessExample } from '../../../shared/wire/readiness.ts';
import { Browser } from '../../support/console-listener.ts';
import { startTestServer } from '../../support/running-server.ts';
import { channelFacts, WireDevice } from '../../support/wire-device.ts';

const server = await startTestServer();
const join = async (name: string, secret: string) => {
  const browser = new Browser(server.consoleUrl);
  await browser.send('POST', '/api/session/link', { secret, name, password: 'a long enough password' });
  return browser;
};
const admin = await join('anna', server.welcomeLink!.split('#')[1]!);
const viewer = await join('vera', await server.features.access.makeLink('viewer'));
const device = await WireDevice.enrol(server);
await device.post('/v1/readiness', { ...readinessExample, device: { name: 'WIRE-1' } });
await device.checkIn({ facts: channelFacts });

test('the first screen, the inventory, a machine and the readiness of the fleet have their promised shape', async () => {
  const fleet = now.parse((await viewer.send('GET', '/api/now')).json);
  assert.equal(fleet.curve.down.at(-1), 1);
  assert.equal(fleet.devices.active, 1);
  const list = deviceList.parse((await viewer.send('GET', '/api/devices?search=wire')).json);
  assert.deepEqual(
    list.devices.map(({ deviceId, isDown, score }) => ({ deviceId, isDown, score })),
    [{ deviceId: device.deviceId, isDown: true, score: readinessExample.score }],
  );
  const detail = deviceDetail.parse((await viewer.send('GET', `/api/devices/${device.deviceId}`)).json);
  assert.equal(detail.incidents.length, 1);
  assert.equal(detail.readiness?.findings.length, readinessExample.findings.length);
  const readiness = fleetReadiness.parse((await viewer.send('GET', '/api/devices/readiness')).json);
  assert.equal(readiness.tenths[6], 1);
  assert.deepEqual(
    readiness.findings.map(({ code, machines }) => [code, machines]),
    [['failure-policy', 1]],
  );
});

test('the inventory is read in pages by name, and nonsense is refused', async () => {
  for (let n = 0; n < 4; n++) await WireDevice.enrol(server);
  const first = deviceList.parse((await viewer.send('GET', '/api/devices?limit=3')).json);
  const rest = deviceList.parse(
    (await viewer.send('GET', `/api/devices?limit=3&after=${encodeURIComponent(first.next!)}`)).json,
  );
  const names = [...first.devices, ...rest.devices].map(row => row.name);
  assert.equal(names.length, 5);
  const readiness = fleetReadiness.parse((await viewer.send('GET', '/api/devices/readiness')).json);
  assert.deepEqual([readiness.neverTold, readiness.tenths.reduce((sum, one) => sum + one)], [4, 1]);
  assert.equal(readiness.tenths[9], 0, 'who never told is not ready');
  assert.deepEqual(names, names.toSorted());
  assert.equal(rest.next, undefined);
  for (const query of [
    'limit=0',
    'limit=9999',
    'after=x',
    'after=[1]',
    'state=broken',
    'state=active&state=pending',
  ])
    assert.equal((await viewer.send('GET', `/api/devices?${query}`)).status, 400, query);
  assert.equal((await viewer.send('GET', '/api/devices/nothing')).status, 404);
});

test('a viewer decides nothing about machines and reads no audit log; an admin does, and the log is whole', async () => {
  const path = `/api/devices/${device.deviceId}/retire`;
  for (const [method, address] of [
    ['POST', path],
    ['GET', '/api/audit'],
    ['POST', '/api/audit/verify'],
  ] as const) {
    const refused = await viewer.send(method, address);
    assert.deepEqual([refused.status, refused.json?.error?.role], [403, 'operator'], address);
  }
  assert.equal((await admin.send('POST', path)).status, 204);
  assert.equal((await admin.send('POST', path)).status, 404);
  assert.equal((await device.post('/v1/check-in', device.checkInMessage())).code, 'device-retired');
  const { entries } = auditList.parse((await admin.send('GET', '/api/audit?action=device-retired')).json);
  assert.deepEqual(
    entries.map(({ actor, subject }) => [actor, subject]),
    [['account:anna', `device:${device.deviceId}`]],
  );
  const whole = auditCheck.parse((await admin.send('POST', '/api/audit/verify')).json);
  assert.ok(whole.entries! > 5);
  await server.database.query(`update audit_entry set actor = 'account:nobody' where number = 3`);
  const broken = auditCheck.parse((await admin.send('POST', '/api/audit/verify')).json);
  assert.deepEqual(broken.problem, { code: 'entry-changed', number: 3 });
});
