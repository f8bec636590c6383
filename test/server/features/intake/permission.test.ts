import assert from 'node:assert/strict';
import { test } from 'node:test';
import { anna, bert, carla, signAlso } from '../../../support/approvers.ts';
import { withDatabase } from '../../../support/database.ts';
import {
  approveScript,
  channelIssue,
  channelScript,
  enrolDevice,
  featuresOver,
  organizationId,
  publishTrust,
  type TestFeatures,
} from '../../../support/server-features.ts';

const fresh = async () => await featuresOver((await withDatabase()).database);

/** What a device of this organization is told to wait for. */
async function reasonOf(features: TestFeatures): Promise<string> {
  const device = await enrolDevice(features);
  const { decision } = await device.checkIn();
  return decision.kind === 'wait' || decision.kind === 'stop' ? decision.reason : decision.kind;
}

test('without trust, without an approval, without enough signatures there is no order', async () => {
  const features = await fresh();
  assert.equal(await reasonOf(features), 'no-remedy');
  await features.database.transaction(sql =>
    features.scripts.keep(sql, organizationId, {
      remediationId: channelIssue.remediationId!,
      text: Buffer.from(channelScript),
      author: 'test',
    }),
  );
  assert.equal(await reasonOf(features), 'no-trust');
  await publishTrust(features, 2, [anna, bert, carla]);
  assert.equal(await reasonOf(features), 'not-approved');
  const { sealed } = await approveScript(features, { keys: [anna] });
  assert.equal(await reasonOf(features), 'not-enough-signatures');

  const device = await enrolDevice(features);
  await device.checkIn();
  const waiting = await device.incident();
  assert.equal(waiting.incident.state, 'awaiting-person');
  assert.match(waiting.verdict, /is down\. Its repair is ready and waits for one signature\.$/);
  assert.match(waiting.remedy!, /1 of 2 approvers have signed it\.$/);

  const progress = await features.approvals.add(organizationId, signAlso(sealed, bert), 'test');
  assert.deepEqual([progress.complete, progress.signers], [true, ['anna', 'bert']]);
  assert.equal((await device.checkIn()).decision.kind, 'remediate');
});

test('an approval that has expired since gives no order', async () => {
  const features = await fresh();
  await publishTrust(features);
  await approveScript(features, { expiresInDays: 1 });
  assert.equal(await reasonOf(features), 'remediate');
  features.passMinutes(24 * 60);
  assert.equal(await reasonOf(features), 'expired');
});

test('policies: ask waits for a person, never hands over to the menu', async () => {
  const features = await fresh();
  await publishTrust(features);
  await approveScript(features);
  features.setIssues(() => [{ ...channelIssue, policy: 'ask' }]);
  assert.equal(await reasonOf(features), 'awaiting-person');
  features.setIssues(() => [{ ...channelIssue, policy: 'never' }]);
  assert.equal(await reasonOf(features), 'policy-never');
  features.setIssues(() => [{ ...channelIssue, remediationId: undefined }]);
  assert.equal(await reasonOf(features), 'no-remedy');
});

test('a second known issue with a usable remedy is taken when the first has none', async () => {
  const features = await fresh();
  await publishTrust(features);
  await approveScript(features);
  features.setIssues(() => [{ ...channelIssue, knownIssueId: 'other', remediationId: 'none' }, channelIssue]);
  assert.equal(await reasonOf(features), 'remediate');
});

test('a device from an image waits until a person accepts it', async () => {
  const features = await fresh();
  await publishTrust(features);
  await approveScript(features);
  const device = await enrolDevice(features, 'image');
  const { decision } = await device.checkIn();
  assert.equal(decision.kind === 'wait' && decision.reason, 'device-pending');
  await features.devices.accept(organizationId, device.signer.deviceId, 'account:anna');
  assert.equal((await device.checkIn()).decision.kind, 'remediate');
});

test('a retired device and a revoked key are refused inside the transaction, whatever is remembered', async () => {
  const features = await fresh();
  const retired = await enrolDevice(features);
  await features.devices.retire(organizationId, retired.signer.deviceId, 'account:anna');
  await assert.rejects(retired.checkIn(), { code: 'device-retired' });
  const revoked = await enrolDevice(features);
  assert.ok(await features.keys.find(revoked.signer));
  await features.database.query('update device_key set revoked_at = now() where device_id = $1', [
    revoked.signer.deviceId,
  ]);
  assert.ok(await features.keys.find(revoked.signer), 'still remembered');
  await assert.rejects(revoked.checkIn(), { code: 'unknown-device-key' });
  features.passMinutes(1);
  assert.equal(await features.keys.find(revoked.signer), undefined);
});

test('an unknown condition is asked for, at most twice; then evidence once; then the machine waits longer each time', async () => {
  const features = await fresh();
  await publishTrust(features);
  await approveScript(features);
  const probe = { kind: 'driver-version' as const, driver: 'csagent' };
  features.setIssues(facts => [
    'driver.csagent.version' in facts
      ? channelIssue
      : {
          ...channelIssue,
          verdict: 'unknown',
          probes: [probe, { kind: 'driver-version', driver: 'CSAGENT' }],
        },
  ]);
  const answered = await enrolDevice(features);
  assert.deepEqual((await answered.checkIn({ facts: {} })).decision, {
    kind: 'send-evidence',
    evidence: [],
    probes: [{ kind: 'driver-version', driver: 'CSAGENT' }],
  });
  const facts = { 'driver.csagent.version': '7.16.0.0' };
  assert.equal((await answered.checkIn({ facts })).decision.kind, 'remediate');

  const silent = await enrolDevice(features);
  const evidence = ['1', '2'].map(n => ({
    evidenceId: n.repeat(32),
    kind: 'boot-log' as const,
    name: 'ntbtlog.txt',
    sizeBytes: 10,
    sha256: n.repeat(64),
  }));
  const decisions = [];
  for (let n = 0; n < 9; n++) decisions.push((await silent.checkIn({ facts: {}, evidence })).decision);
  assert.deepEqual(
    decisions.map(one =>
      one.kind === 'send-evidence'
        ? [one.probes.length, one.evidence.length]
        : one.kind === 'wait' && one.seconds,
    ),
    [[1, 0], [1, 0], [0, 2], [0, 2], [0, 2], [0, 2], 60, 120, 240],
  );
  const { incident, evidence: kept } = await silent.incident();
  assert.equal(incident.state, 'unexplained');
  assert.deepEqual(
    kept.map(piece => piece.state),
    ['wanted', 'wanted'],
  );
});

test('near misses are shown, and are no reason to treat', async () => {
  const features = await fresh();
  await publishTrust(features);
  await approveScript(features);
  features.setIssues(() => [{ ...channelIssue, verdict: 'near' }]);
  const device = await enrolDevice(features);
  const { decision } = await device.checkIn();
  assert.equal(decision.kind === 'wait' && decision.reason, 'unexplained');
  const { incident, matches } = await device.incident();
  assert.deepEqual([incident.state, matches[0]!.verdict, incident.cause], ['unexplained', 'near', undefined]);
});

test('a script with a step that nobody can take back never goes out by itself', async () => {
  const features = await fresh();
  await publishTrust(features);
  const text = [
    'remediation "Take back what waits"',
    '  risk medium',
    '',
    'require crash code is 0x50',
    '',
    'revert pending updates, accepting no undo',
    'reboot',
    '',
  ].join('\n');
  await approveScript(features, { text, risk: 'medium' });
  assert.equal(await reasonOf(features), 'no-way-back');
  const device = await enrolDevice(features);
  await device.checkIn();
  const waiting = await device.incident();
  assert.equal(waiting.incident.state, 'awaiting-person');
});
