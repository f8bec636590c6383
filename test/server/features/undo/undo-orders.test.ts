import assert from 'node:assert/strict';
import { test } from 'node:test';
import { verifyEd25519 } from '../../../../shared/trust/ed25519.ts';
import { openUndoOrder } from '../../../../shared/trust/open-undo-order.ts';
import { readinessExample } from '../../../../shared/wire/readiness.ts';
import { withDatabase } from '../../../support/database.ts';
import {
  approveScript,
  attemptOf,
  enrolDevice,
  featuresOver,
  organizationId,
  publishTrust,
  type TestDevice,
} from '../../../support/server-features.ts';

const { database } = await withDatabase();
const features = await featuresOver(database);
const { undos } = features;
const { trust } = await publishTrust(features);
await approveScript(features);
const nonce = '00112233445566778899aabbccddeeff';

/** A machine that was healed by an attempt. */
async function healedDevice() {
  const device = await enrolDevice(features);
  const message = device.message();
  const attemptId = attemptOf(await device.say(message), device, message, trust);
  await device.outcome(attemptId, 'applied');
  await device.booted(attemptId);
  const { incident } = await device.incident();
  return { device, place: { incidentId: incident.incidentId, attemptId } };
}
const by = { actor: 'account:anna', reason: 'the vendor says so' };
const hear = async (device: TestDevice, over: object = { nonce }) =>
  (await features.readiness.receive(device.signer, { ...readinessExample, device: { name: 'PC' }, ...over }))
    .undo;
const orders = async ({ incidentId }: { incidentId: string }) =>
  (await undos.list(organizationId, incidentId)).orders.map(({ state, code }) => [state, code]);

test('a healed machine hears the order with its next word, obeys, and the attempt is undone', async () => {
  const { device, place } = await healedDevice();
  assert.equal(await hear(device), undefined);
  await undos.ask(organizationId, place, by);
  assert.equal(await hear(device, {}), undefined, 'no order without a nonce');
  const sealed = await hear(device);
  const context = { trust, deviceId: device.signer.deviceId, nonce };
  const opened = openUndoOrder(sealed!, context, verifyEd25519);
  assert.equal(opened.ok && opened.document.attemptId, place.attemptId);
  const other = openUndoOrder(sealed!, { ...context, nonce: 'ff'.repeat(16) }, verifyEd25519);
  assert.equal(!other.ok && other.problem.code, 'nonce-not-ours');
  assert.ok(await hear(device), 'asked again until it tells');

  const stranger = await enrolDevice(features);
  const message = { version: 1, attemptId: place.attemptId, state: 'undone' } as const;
  await undos.receive(stranger.signer, message);
  assert.deepEqual(await orders(place), [['asked', undefined]], 'another machine says nothing about it');
  await undos.receive(device.signer, message);
  await undos.receive(device.signer, message);
  assert.deepEqual(await orders(place), [['undone', undefined]]);
  assert.equal(await hear(device), undefined);
  const { attempts, incident } = await device.incident();
  assert.deepEqual(
    [attempts[0]!.state, incident.state],
    ['undone', 'healed'],
    'a final incident never reopens',
  );
});

test('what the machine refuses stands with its reason, and can be asked again', async () => {
  const { device, place } = await healedDevice();
  await undos.ask(organizationId, place, by);
  const refused = { version: 1, attemptId: place.attemptId, state: 'refused', code: 'hive-in-use' } as const;
  await undos.receive(device.signer, refused);
  assert.deepEqual(await orders(place), [['refused', 'hive-in-use']]);
  assert.equal((await device.incident()).attempts[0]!.state, 'healed');
  await undos.ask(organizationId, place, by);
  assert.ok(await hear(device));
  await undos.withdraw(organizationId, place, 'account:anna');
  assert.equal(await hear(device), undefined);
  await assert.rejects(undos.withdraw(organizationId, place, 'account:anna'), { code: 'not-found' });
  const ofDevice = await undos.listOfDevice(organizationId, device.signer.deviceId);
  assert.deepEqual(ofDevice, await undos.list(organizationId, place.incidentId));
  assert.equal(ofDevice.orders[0]!.state, 'withdrawn');
});

test('an attempt that is not over, unknown or undone already is not taken back', async () => {
  const device = await enrolDevice(features);
  const message = device.message();
  const attemptId = attemptOf(await device.say(message), device, message, trust);
  const { incidentId } = (await device.incident()).incident;
  await assert.rejects(undos.ask(organizationId, { incidentId, attemptId }, by), { code: 'illegal-event' });
  for (const attempt of ['x', '01900000-0000-7000-8000-00000000dead'])
    await assert.rejects(undos.ask(organizationId, { incidentId, attemptId: attempt }, by), {
      code: 'not-found',
    });
});

test('a machine that a person has not accepted, or a copy of one, hears no order', async () => {
  const { device, place } = await healedDevice();
  await undos.ask(organizationId, place, by);
  await database.query(`update device set state = 'pending' where device_id = $1`, [device.signer.deviceId]);
  assert.equal(await hear(device), undefined);
});
