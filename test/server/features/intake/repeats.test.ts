import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { payloadTypes } from '../../../../shared/trust/documents.ts';
import { sealDocument } from '../../../../shared/trust/seal-document.ts';
import { anna } from '../../../support/approvers.ts';
import { withDatabase } from '../../../support/database.ts';
import {
  approveScript,
  attemptOf,
  enrolDevice,
  featuresOver,
  organizationId,
  publishTrust,
} from '../../../support/server-features.ts';

const { database } = await withDatabase();
const features = await featuresOver(database);
const { trust } = await publishTrust(features);
const { script } = await approveScript(features);

const attemptsOf = async (deviceId: string) =>
  await database.query('select attempt_id from attempt where device_id = $1', [deviceId]);

test('a replayed check-in gets the stored answer, and nothing happens twice', async () => {
  const device = await enrolDevice(features);
  const message = device.message();
  const first = await device.say(message);
  assert.deepEqual(await device.say(message), first);
  await device.outcome(attemptOf(first, device, message, trust), 'applied');
  assert.deepEqual(await device.say(message), first, 'also after the story went on');
  assert.equal((await attemptsOf(device.signer.deviceId)).length, 1);
});

test('a sequence says one thing: another body is refused, an older unknown one too', async () => {
  const device = await enrolDevice(features);
  await device.checkIn();
  await device.checkIn({ sequence: 5 });
  await assert.rejects(device.checkIn({ sequence: 5, agentVersion: '6.6.6' }), { code: 'sequence-reused' });
  await assert.rejects(device.checkIn({ sequence: 3 }), { code: 'sequence-too-old' });
});

test('a check-in of a closed story, replayed by whoever recorded it, opens nothing', async () => {
  const device = await enrolDevice(features);
  const recorded = device.message();
  const first = await device.say(recorded);
  const attemptId = attemptOf(first, device, recorded, trust);
  await device.outcome(attemptId, 'applied');
  await device.booted(attemptId);
  assert.deepEqual(await device.say(recorded), first);
  assert.equal((await device.incident()).incident.state, 'healed');
});

test('two check-ins of one device at once become one incident and one attempt', async () => {
  for (let round = 0; round < 10; round++) {
    const device = await enrolDevice(features);
    const [one, two] = [device.message(), device.message()];
    const told = await Promise.allSettled([device.say(one), device.say(two)]);
    const answers = told.flatMap(result => (result.status === 'fulfilled' ? [result.value] : []));
    // The later one may arrive first; then the earlier one comes too late.
    for (const result of told)
      if (result.status === 'rejected') assert.equal(result.reason.code, 'sequence-too-old');
    assert.ok(answers.length >= 1);
    assert.equal((await attemptsOf(device.signer.deviceId)).length, 1);
    const { incidents } = await features.incidents.list(organizationId, { search: device.signer.deviceId });
    assert.equal(incidents.length, 1);
  }
});

test('two new episodes of one device at once leave one live incident', async () => {
  const device = await enrolDevice(features);
  const one = device.message();
  device.newEpisode();
  const two = device.message();
  await Promise.all([device.say(one), device.say(two)]);
  const live = await database.query('select incident_id from live_incident where device_id = $1', [
    device.signer.deviceId,
  ]);
  const liveAttempts = await database.query('select attempt_id from live_attempt where device_id = $1', [
    device.signer.deviceId,
  ]);
  assert.deepEqual([live.length, liveAttempts.length], [1, 1]);
});

test('strange text is kept as far as it can be, and costs nobody the answer', async () => {
  const device = await enrolDevice(features);
  const facts = { 'crash.module': 'csagent.sys', 'device.model': 'A\0B\ud800C', 'C:\\u0000': '\\u0000' };
  const answer = await device.checkIn({ facts, agentVersion: 'x\0y' });
  assert.equal(answer.decision.kind, 'remediate');
  const detail = await device.incident();
  assert.equal(detail.facts['device.model'], 'A\u{fffd}B\u{fffd}C');
});

test('trust updates and the newest recall ride on answers to devices that have not seen them', async () => {
  const device = await enrolDevice(features);
  assert.equal((await device.checkIn({ trustVersion: 0 })).trust?.length, 1);
  const upToDate = await device.checkIn({ trustVersion: 1 });
  assert.deepEqual([upToDate.trust, upToDate.recall], [undefined, undefined]);

  const issued = device.message({ trustVersion: 1 });
  const attemptId = attemptOf(await device.say(issued), device, issued, trust);
  const recall = {
    type: 'recall' as const,
    organization: organizationId,
    version: 1,
    scriptSha256s: [script.sha256],
  };
  const sealed = sealDocument(payloadTypes.recall, recall, anna.keyId, anna.sign);
  await features.trust.recall(organizationId, sealed, 'test');

  const repeated = await device.say(issued);
  assert.equal(repeated.recall?.payload, sealed.payload, 'a stored answer carries the newest recall too');
  const { decision } = await device.checkIn({ trustVersion: 1 });
  assert.equal(decision.kind === 'wait' && decision.reason, 'recalled');
  const { attempts } = await device.incident();
  assert.deepEqual([attempts.at(-1)!.attemptId, attempts.at(-1)!.state], [attemptId, 'recalled']);
});

test('a stored report holds the hash of the very bytes that were signed', async () => {
  const device = await enrolDevice(features);
  const message = device.message();
  await device.say(message);
  const [row] = await database.query<{ body_sha256: Buffer }>(
    'select r.body_sha256 from report r join episode e using (incident_id) where e.episode = $1',
    [message.episode],
  );
  assert.ok(row!.body_sha256.equals(createHash('sha256').update(JSON.stringify(message)).digest()));
});
