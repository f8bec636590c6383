import assert from 'node:assert/strict';
import { test } from 'node:test';
import { payloadTypes } from '../../../../shared/trust/documents.ts';
import { anna, approver, bert, carla, exampleTrust, sealBy, signAlso } from '../../../support/approvers.ts';
import { withDatabase } from '../../../support/database.ts';
import {
  approveScript,
  featuresOver,
  organizationId,
  publishTrust,
  type TestFeatures,
} from '../../../support/server-features.ts';

const fresh = async () => await featuresOver((await withDatabase()).database);
const publish = (features: TestFeatures, envelope: Parameters<TestFeatures['trust']['publish']>[1]) =>
  features.trust.publish(organizationId, envelope, 'test');
const onlineOf = ({ onlineKey: { keyId, publicKey } }: TestFeatures) => ({ keyId, publicKey });

test('the first trust document carries its own threshold and this server’s key', async () => {
  const features = await fresh();
  const first = { ...exampleTrust, onlineKey: onlineOf(features) };
  for (const [envelope, why] of [
    [
      sealBy('trust', { ...first, threshold: 2, approvers: [approver(anna), approver(bert)] }, anna),
      /threshold/,
    ],
    [sealBy('trust', exampleTrust, anna), /another online key/],
    [sealBy('trust', { ...first, organization: 'other' }, anna), /organization other/],
    [sealBy('approval', first, anna), /Expected a trust document/],
  ] as const)
    await assert.rejects(publish(features, envelope), why);
  assert.equal((await publish(features, sealBy('trust', first, anna))).version, 1);
  assert.deepEqual(await features.trust.chainSince(organizationId, 1), []);
});

test('a newer document is signed by the old and the new threshold, one version at a time', async () => {
  const features = await fresh();
  const { trust, sealed } = await publishTrust(features);
  const second = { ...trust, version: 2, approvers: [approver(bert)] };
  await assert.rejects(publish(features, sealed), { code: 'trust-refused', path: 'version-not-newer' });
  await assert.rejects(publish(features, sealBy('trust', second, bert)), { path: 'not-enough-signatures' });
  await assert.rejects(publish(features, sealBy('trust', second, anna)), { path: 'not-enough-signatures' });
  await assert.rejects(publish(features, sealBy('trust', { ...second, version: 3 }, anna, bert)), {
    path: 'version-not-newer',
  });
  const good = sealBy('trust', second, anna, bert);
  const twice = await Promise.allSettled([publish(features, good), publish(features, good)]);
  assert.deepEqual(twice.map(one => one.status).sort(), ['fulfilled', 'rejected']);
  assert.equal((await features.trust.chainSince(organizationId, 0)).length, 2);
});

test('an approval is stored only when every signature is a good one of an approver', async () => {
  const features = await fresh();
  await publishTrust(features, 2, [anna, bert]);
  const { sealed, approval } = await approveScript(features, { keys: [anna] });
  const add = (envelope: typeof sealed) => features.approvals.add(organizationId, envelope, 'test');
  const other = { ...approval, sequence: 2 };
  await assert.rejects(add(sealBy('approval', other, carla)), { path: 'not-enough-signatures' });
  await assert.rejects(add(signAlso(sealBy('approval', other, anna), carla)), {
    path: 'not-enough-signatures',
  });
  await assert.rejects(add(sealBy('approval', { ...other, organization: 'x' }, anna)), {
    path: 'wrong-organization',
  });
  await assert.rejects(add(sealBy('approval', { ...other, scriptSha256: 'ab'.repeat(32) }, anna)), {
    path: 'script-changed',
  });
  await assert.rejects(add(sealBy('approval', { ...other, expiresAt: '2026-01-01T00:00:00.000Z' }, anna)), {
    path: 'expired',
  });
  await assert.rejects(
    add(sealBy('approval', { ...approval, approvedAt: '2026-03-02T00:00:00.000Z' }, anna)),
    {
      path: 'version-not-newer',
    },
  );
  await assert.rejects(add(sealBy('approval', { ...other, risk: 'high' }, anna)), { path: 'risk-differs' });
  const both = await add(signAlso(sealed, bert));
  assert.deepEqual([both.signers, both.complete], [['anna', 'bert'], true]);
});

test('a recall needs one approver, only rises and only grows', async () => {
  const features = await fresh();
  await publishTrust(features, 2, [anna, bert]);
  const list = (version: number, ...scripts: string[]) => ({
    type: 'recall',
    organization: organizationId,
    version,
    scriptSha256s: scripts,
  });
  const recall = (document: object, key = anna) =>
    features.trust.recall(organizationId, sealBy('recall', document, key), 'test');
  const [one, two] = ['ab'.repeat(32), 'cd'.repeat(32)];
  await assert.rejects(recall(list(1, one), carla), { path: 'not-enough-signatures' });
  assert.equal((await recall(list(1, one))).version, 1);
  await assert.rejects(recall(list(1, one, two)), { path: 'version-not-newer' });
  await assert.rejects(recall(list(2, two)), /only grows/);
  await recall(list(2, one, two), bert);
  assert.deepEqual((await features.trust.state(organizationId)).recall?.scriptSha256s, [one, two]);
});

test('documents that were changed in the database are not believed', async () => {
  const features = await fresh();
  await publishTrust(features);
  const { sealed, approval } = await approveScript(features);
  const forged = sealBy(
    'approval',
    { ...approval, devices: { kind: 'every-device', where: [] }, sequence: 9 },
    carla,
  );
  const state = await features.trust.state(organizationId);
  const asked = { scriptSha256: approval.scriptSha256, facts: {}, now: features.now };
  assert.ok('problem' in features.approvals.judge(state, [forged], asked));
  assert.deepEqual(features.approvals.judge(state, [forged, sealed], asked), { envelope: sealed });

  const stolen = await fresh();
  const bad = sealBy('trust', { ...exampleTrust, onlineKey: onlineOf(stolen) }, carla);
  await stolen.database.query(
    `insert into trust_document (organization_id, version, envelope) values ('default', 1, $1)`,
    [JSON.stringify(bad)],
  );
  assert.equal((await stolen.trust.state(organizationId)).trust, undefined);
  assert.equal(bad.payloadType, payloadTypes.trust);
});
