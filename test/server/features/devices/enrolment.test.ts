import assert from 'node:assert/strict';
import { test } from 'node:test';
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
