import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Answer } from '../../../../shared/wire/answer.ts';
import { withDatabase } from '../../../support/database.ts';
import {
  approveScript,
  attemptOf,
  channelScript,
  enrolDevice,
  featuresOver,
  publishTrust,
} from '../../../support/server-features.ts';

const { database } = await withDatabase();
const features = await featuresOver(database);
const { trust } = await publishTrust(features);
await approveScript(features);

/** A device with an order in its hands. */
async function orderedDevice() {
  const device = await enrolDevice(features);
  const message = device.message();
  const answer = await device.say(message);
  return { device, message, answer, attemptId: attemptOf(answer, device, message, trust) };
}

test('a known issue is healed in two round trips and a booted Windows', async () => {
  const { device, answer, attemptId } = await orderedDevice();
  assert.equal(answer.decision.kind === 'remediate' && answer.decision.script, channelScript);
  assert.match(answer.incidentCode, /^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/);
  assert.equal((await device.incident()).incident.state, 'treating');

  assert.equal((await device.outcome(attemptId, 'applied')).decision.kind, 'carry-on');
  assert.equal((await device.incident()).incident.state, 'confirming');
  features.passMinutes(1);
  assert.equal((await device.booted(attemptId)).decision.kind, 'carry-on');
  const { incident, attempts, verdict, proof } = await device.incident();
  assert.equal(incident.state, 'healed');
  assert.equal(attempts[0]!.state, 'healed');
  assert.equal(
    verdict,
    `${incident.deviceName} is healed: Windows started again 60 s after the machine called for help.`,
  );
  assert.match(proof!, /60 s after the repair/);
});

test('the script returning is not healing: silence counts as failure, a late boot corrects it', async () => {
  const { device, attemptId } = await orderedDevice();
  await device.outcome(attemptId, 'applied');
  features.passMinutes(31);
  await features.silence.markSilent(features.now);
  const silent = await device.incident();
  assert.equal(silent.attempts[0]!.state, 'silent');
  assert.equal(silent.incident.state, 'awaiting-person');
  await device.booted(attemptId);
  const late = await device.incident();
  assert.deepEqual([late.attempts[0]!.state, late.incident.state], ['healed', 'healed']);
});

test('an order without any word is silent too, and its late outcome is believed', async () => {
  const { device, attemptId } = await orderedDevice();
  features.passMinutes(31);
  await features.silence.markSilent(features.now);
  assert.equal((await device.incident()).attempts[0]!.state, 'silent');
  await device.outcome(attemptId, 'applied');
  assert.equal((await device.incident()).incident.state, 'confirming');
  features.passMinutes(31);
  await features.silence.markSilent(features.now);
  assert.equal((await device.incident()).attempts[0]!.state, 'silent');
});

test('a machine that came back is treated once more, then a person looks', async () => {
  const { device, attemptId } = await orderedDevice();
  await device.outcome(attemptId, 'applied');
  const again = device.message({ previousAttempt: { attemptId, state: 'returned' } });
  const second = attemptOf(await device.say(again), device, again, trust);
  assert.notEqual(second, attemptId);
  await device.outcome(second, 'applied');
  const { decision } = await device.checkIn();
  assert.deepEqual(decision.kind === 'wait' && decision.reason, 'remedy-exhausted');
  const { incident, attempts } = await device.incident();
  assert.equal(incident.state, 'awaiting-person');
  assert.deepEqual(
    attempts.map(attempt => attempt.state),
    ['returned', 'returned'],
  );
});

test('a fresh episode each time does not get around the limit of attempts', async () => {
  const { device } = await orderedDevice();
  device.newEpisode();
  assert.equal((await device.checkIn()).decision.kind, 'remediate');
  device.newEpisode();
  const { decision } = await device.checkIn();
  assert.equal(decision.kind === 'wait' && decision.reason, 'remedy-exhausted');
});

test('an order whose answer was lost is ordered again for the new nonce, as the same attempt', async () => {
  const { device, attemptId } = await orderedDevice();
  const again = device.message();
  assert.equal(attemptOf(await device.say(again), device, again, trust), attemptId);
  assert.equal((await device.incident()).attempts.length, 1);
});

test('a stuck attempt stops everything until a person looked', async () => {
  const { device, attemptId } = await orderedDevice();
  await device.outcome(attemptId, 'stuck', { code: 'undo-failed' });
  assert.equal((await device.incident()).incident.state, 'awaiting-person');
  const { decision } = await device.checkIn();
  assert.equal(decision.kind === 'wait' && decision.reason, 'attempt-stuck');
});

for (const state of ['nothing-to-do', 'not-applicable', 'refused', 'undone'] as const)
  test(`an attempt that ended ${state} is over, and Windows that boots anyway was healed by hand`, async () => {
    const { device, attemptId } = await orderedDevice();
    await device.outcome(attemptId, state);
    const { incident, attempts } = await device.incident();
    assert.deepEqual([incident.state, attempts[0]!.state], ['matched', state]);
    await device.booted();
    assert.equal((await device.incident()).incident.state, 'healed-by-hand');
  });

test('a device that refuses because of a recall counts as recalled', async () => {
  const { device, attemptId } = await orderedDevice();
  await device.outcome(attemptId, 'refused', { code: 'recalled' });
  assert.equal((await device.incident()).attempts[0]!.state, 'recalled');
});

test('Windows that boots before the order was carried out was not healed by it', async () => {
  const { device } = await orderedDevice();
  await device.booted();
  const { incident, attempts } = await device.incident();
  assert.deepEqual([incident.state, attempts[0]!.state], ['healed-by-hand', 'not-applicable']);
});

test('a healed machine that fails again opens a new incident; the old one never reopens', async () => {
  const { device, attemptId } = await orderedDevice();
  await device.outcome(attemptId, 'applied');
  await device.booted(attemptId);
  const first = (await device.incident()).incident.incidentId;
  features.passMinutes(1);
  assert.equal((await device.checkIn()).decision.kind, 'remediate');
  const second = await device.incident();
  assert.notEqual(second.incident.incidentId, first);
  assert.equal((await features.incidents.get('default', first)).incident.state, 'healed');
});

test('a new episode gives up the live incident of the device and ends its attempt', async () => {
  const { device, attemptId } = await orderedDevice();
  const first = (await device.incident()).incident.incidentId;
  await device.outcome(attemptId, 'applied');
  device.newEpisode();
  await device.checkIn();
  const old = await features.incidents.get('default', first);
  assert.deepEqual([old.incident.state, old.attempts[0]!.state], ['given-up', 'returned']);
});

test('what nobody spoke of for a month is given up, and the machine is still helped when it calls', async () => {
  const device = await enrolDevice(features);
  await device.checkIn({ facts: {} });
  features.passMinutes(31 * 24 * 60);
  await features.silence.markSilent(features.now);
  assert.equal((await device.incident()).incident.state, 'given-up');
  await approveScript(features, { sequence: 2 });
  features.passMinutes(1);
  assert.equal((await device.checkIn()).decision.kind, 'remediate');
});

test('illegal events are refused with a code and change nothing', async () => {
  const { device, attemptId } = await orderedDevice();
  await device.outcome(attemptId, 'undone');
  await assert.rejects(device.outcome(attemptId, 'applied'), { code: 'illegal-event' });
  await assert.rejects(device.outcome('01900000-0000-7000-8000-00000000ffff', 'applied'), {
    code: 'unknown-attempt',
  });
  const other = await enrolDevice(features);
  await assert.rejects(other.booted(), { code: 'unknown-episode' });
  await other.checkIn();
  await assert.rejects(other.outcome(attemptId, 'applied'), { code: 'unknown-attempt' });
  assert.equal((await device.incident()).attempts[0]!.state, 'undone');
});

test('what a script collects is asked for, also when enough is known of the crash', async () => {
  const offersOf = (mark: string) =>
    (['boot-log', 'event-log'] as const).map((kind, n) => ({
      evidenceId: `${mark}${n}`.padEnd(32, '0'),
      kind,
      name: kind,
      sizeBytes: 4,
      sha256: `${mark}${n}`.padEnd(64, '0'),
    }));
  const wantedOf = ({ decision }: Answer) =>
    decision.kind === 'send-evidence' ? decision.evidence.map(({ evidenceId }) => evidenceId) : [];
  const ordered = async () => {
    const device = await orderedDevice();
    await database.query(`update incident set signature = 'csagent.sys+0xe14ed'`);
    return device;
  };
  for (const mark of ['a', 'b', 'c']) {
    const { device, attemptId } = await ordered();
    const evidence = offersOf(mark);
    const all = evidence.map(({ evidenceId }) => evidenceId);
    assert.deepEqual(wantedOf(await device.outcome(attemptId, 'applied', { evidence })), all);
  }
  await database.query(`update evidence set state = 'stored' where state = 'wanted'`);
  const plain = await ordered();
  const told = { evidence: offersOf('d') };
  assert.deepEqual(wantedOf(await plain.device.outcome(plain.attemptId, 'applied', told)), []);
  const { device, attemptId } = await ordered();
  const change = { kind: 'collect-evidence', path: 'C:\\Windows', evidence: 'event-log', what: 'event log' };
  const steps = [{ line: 1, state: 'done', changes: [change] }];
  const answer = await device.outcome(attemptId, 'applied', { evidence: offersOf('e'), steps });
  assert.deepEqual(wantedOf(answer), [offersOf('e')[1]!.evidenceId]);
});
