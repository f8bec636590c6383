import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkInExample } from '../../../../shared/wire/check-in.ts';
import { readinessExample } from '../../../../shared/wire/readiness.ts';
import { testKey } from '../../../support/approvers.ts';
import { withDatabase } from '../../../support/database.ts';
import { featuresOver, organizationId, publishTrust } from '../../../support/server-features.ts';

const { database } = await withDatabase();
const features = await featuresOver(database);

const makeToken = (uses: number, minutes = 60, kind: 'device' | 'image' = 'device') =>
  features.tokens.create({
    organizationId,
    actor: 'account:anna',
    label: 'fleet',
    kind,
    uses,
    expiresAt: new Date(features.now.getTime() + minutes * 60_000),
  });
const request = (token: string, seed: number) => ({
  version: 1 as const,
  token,
  publicKey: testKey('device', seed).publicKey,
  device: { name: `PC-${seed}\0` },
});
const enrol = (token: string, seed: number) => features.enrolment.enrol(organizationId, request(token, seed));

test('a token lets in as many machines as it says, also when they come at once', async () => {
  const token = await makeToken(3);
  const results = await Promise.allSettled([1, 2, 3, 4, 5, 6].map(seed => enrol(token, seed)));
  assert.equal(results.filter(result => result.status === 'fulfilled').length, 3);
  for (const result of results)
    if (result.status === 'rejected') assert.equal(result.reason.code, 'enrolment-token-invalid');
});

test('a machine whose answer was lost enrols again for the same answer and spends nothing', async () => {
  const token = await makeToken(2);
  const [first, second] = await Promise.all([enrol(token, 11), enrol(token, 11)]);
  assert.equal(first.keyId, second.keyId);
  const other = await enrol(token, 12);
  assert.notEqual(other.keyId, first.keyId);
  await assert.rejects(enrol(token, 13), { code: 'enrolment-token-invalid' });
});

test('unknown, expired and used-up tokens are refused with the reason', async () => {
  await assert.rejects(enrol('bm-enrol-nobody-made-this-one', 21), /is not known here/);
  const token = await makeToken(1, 5);
  features.passMinutes(5);
  await assert.rejects(enrol(token, 21), /expired at/);
  const once = await makeToken(1);
  await enrol(once, 22);
  await assert.rejects(enrol(once, 23), /was used as often as it may be/);
});

test('a machine from an image is pending; trust comes with the answer; the secret is not stored', async () => {
  await publishTrust(features);
  const token = await makeToken(1, 60, 'image');
  const answer = await enrol(token, 31);
  assert.deepEqual([answer.state, answer.trust.length], ['pending', 1]);
  const rows = await database.query('select * from enrolment_token');
  assert.ok(!JSON.stringify(rows).includes(token));
  const audit = await features.audit.verify(database, organizationId);
  assert.ok('entries' in audit && audit.entries > 0);
});

test('the key of a retired device does not enrol again', async () => {
  const token = await makeToken(2);
  const { keyId } = await enrol(token, 41);
  await features.devices.retire(organizationId, keyId.split('/')[1]!, 'account:anna');
  await assert.rejects(enrol(token, 41), { code: 'device-retired' });
});

const machine = { smbiosId: '4C4C4544-0042-3510-8052-B4C04F4A3132', serial: 'B5RJ12' };
const enrolMachine = (token: string, seed: number, over: object = {}) =>
  features.enrolment.enrol(organizationId, {
    ...request(token, seed),
    device: { name: `PC-${seed}`, ...machine, ...over },
  });
const stateOf = async (keyId: string) => {
  const [row] = await database.query<{ state: string; replaces: string | null }>(
    `select state, replaces_device_id as replaces from device where device_id = $1`,
    [keyId.split('/')[1]],
  );
  return row;
};

test('a machine that enrols again takes the place of what it was, and links to it', async () => {
  const token = await makeToken(9);
  const first = await enrolMachine(token, 51);
  const second = await enrolMachine(token, 52);
  assert.equal((await stateOf(first.keyId))?.state, 'retired');
  const now = await stateOf(second.keyId);
  assert.deepEqual([now?.state, now?.replaces], ['active', first.keyId.split('/')[1]]);
  await enrolMachine(token, 53, { serial: 'OTHER' });
  assert.equal((await stateOf(second.keyId))?.state, 'active', 'another serial is another machine');
});

test('a token from an image takes nobody’s place before a person accepts it', async () => {
  const [own, image] = [await makeToken(1), await makeToken(1, 60, 'image')];
  const id = { smbiosId: '4C4C4544-0042-3510-8052-B4C04F4A3133' };
  const first = await enrolMachine(own, 61, id);
  const second = await enrolMachine(image, 62, id);
  assert.equal((await stateOf(first.keyId))?.state, 'active');
  await features.devices.accept(organizationId, second.keyId.split('/')[1]!, 'account:anna');
  assert.equal((await stateOf(first.keyId))?.state, 'retired');
});

test('boards without an id of their own are not taken for one machine', async () => {
  const token = await makeToken(9);
  for (const smbiosId of [
    '00000000-0000-0000-0000-000000000000',
    '03000200-0400-0500-0006-000700080009',
    'none',
  ]) {
    const first = await enrolMachine(token, 70 + smbiosId.length, { smbiosId, serial: smbiosId });
    await enrolMachine(token, 80 + smbiosId.charCodeAt(1), { smbiosId, serial: smbiosId });
    assert.equal((await stateOf(first.keyId))?.state, 'active', smbiosId);
  }
});

test('readiness is kept, and a copied disk is noticed by another machine speaking with its key', async () => {
  const token = await makeToken(1);
  const id = { smbiosId: '4C4C4544-0042-3510-8052-B4C04F4A3134', serial: 'C1' };
  const { keyId } = await enrolMachine(token, 91, id);
  const [, deviceId = ''] = keyId.split('/');
  const signer = { organizationId, deviceId, number: 1 };
  const told = { ...readinessExample, device: { name: 'PC-91', ...id } };
  assert.deepEqual(await features.readiness.receive(signer, told), { version: 1 });
  const [device] = (await features.readiness.list(organizationId)).filter(one => one.deviceId === deviceId);
  assert.deepEqual([device?.score, device?.state, device?.findings?.length], [67, 'active', 2]);

  // Which of its recovery passwords are kept here.
  const [kept, other] = ['1', '2'].map(one => `12345678-ABCD-ABCD-ABCD-00000000000${one}`) as [
    string,
    string,
  ];
  const recoveryPassword = Array.from({ length: 8 }, () => '000011').join('-');
  await features.recoveryKeys.keep(organizationId, [{ device: 'PC-91', keyId: kept, recoveryPassword }], 'x');
  const asking = { ...told, recoveryKeys: [other, kept] };
  assert.deepEqual(await features.readiness.receive(signer, asking), { version: 1, keptKeys: [kept] });

  const clone = { ...told, device: { ...told.device, smbiosId: '4C4C4544-0042-3510-8052-B4C04F4A3135' } };
  await features.readiness.receive(signer, clone);
  assert.equal((await stateOf(keyId))?.state, 'pending');
  const audit = await database.query(
    `select action from audit_entry where action = 'device-clone-suspected'`,
  );
  assert.equal(audit.length, 1);

  // A person says that its board was changed: from now on the new numbers are its own.
  await features.devices.accept(organizationId, deviceId, 'account:anna');
  await features.readiness.receive(signer, clone);
  assert.equal((await stateOf(keyId))?.state, 'active');

  // The copy, or the first one, asks for help: it is noticed there, too, and gets no order.
  const asks = { ...checkInExample, device: { serial: 'C1', smbiosId: id.smbiosId } };
  const answer = await features.intake.checkIn(signer, asks, new Uint8Array(32));
  assert.equal(answer.decision.kind === 'wait' && answer.decision.reason, 'device-pending');
  const [suspected] = await database.query<{ state: string; told: object }>(
    `select state, copy_told as told from device where device_id = $1`,
    [deviceId],
  );
  assert.deepEqual(suspected, { state: 'pending', told: { ...asks.device, by: 'check-in' } });

  await features.devices.retire(organizationId, deviceId, 'account:anna');
  await assert.rejects(features.readiness.receive(signer, told), { code: 'device-retired' });
  await assert.rejects(features.readiness.receive({ ...signer, number: 2 }, told), {
    code: 'unknown-device-key',
  });
});

test('what enrols from a recovery environment is pending, whatever its token says', async () => {
  const answer = await features.enrolment.enrol(organizationId, {
    ...request(await makeToken(1), 77),
    from: 'recovery',
  });
  assert.equal(answer.state, 'pending');
});
