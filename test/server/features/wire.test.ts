import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startTestServer } from '../../support/running-server.ts';
import {
  answerOf,
  approveCatalog,
  attemptIn,
  channelFacts,
  nearMissFacts,
  send,
  unsearchedFacts,
  WireDevice,
} from '../../support/wire-device.ts';

const server = await startTestServer();
await approveCatalog(server);

const incidentOf = async ({ deviceId }: WireDevice) => {
  const { incidents } = await server.features.incidents.list('default', { search: deviceId });
  return await server.features.incidents.get('default', incidents[0]!.incidentId);
};

test('the shipped rule heals a machine over the real wire', async () => {
  const device = await WireDevice.enrol(server);
  const attemptId = attemptIn(await device.checkIn({ facts: channelFacts }));
  answerOf(await device.post('/v1/outcome', device.outcomeMessage(attemptId)));
  answerOf(await device.post('/v1/booted', device.bootedMessage(attemptId)));
  const { incident, matches, attempts } = await incidentOf(device);
  assert.deepEqual([incident.state, incident.knownIssueId], ['healed', 'crowdstrike-2024-07-19']);
  assert.deepEqual(
    matches[0]!.conditions.map(condition => condition.verdict),
    ['held', 'held', 'held'],
  );
  assert.match(attempts[0]!.script, /^remediation "Delete the CrowdStrike/);
  assert.ok(attempts[0]!.sentences.length > 3);
  assert.deepEqual(attempts[0]!.approvedBy, [{ keyId: 'anna', owner: 'anna', kind: 'file' }]);
});

test('a near miss is not matched, and gets no order', async () => {
  const device = await WireDevice.enrol(server);
  // Other known issues may ask for something first, in at most two rounds.
  let { decision } = await device.checkIn({ facts: nearMissFacts });
  while (decision.kind === 'send-evidence') ({ decision } = await device.checkIn({ facts: nearMissFacts }));
  assert.equal(decision.kind === 'wait' && decision.reason, 'unexplained');
  const { matches } = await incidentOf(device);
  assert.equal(matches.find(match => match.knownIssueId === 'crowdstrike-2024-07-19')?.verdict, 'near');
  assert.ok(matches.every(match => match.verdict !== 'matched'));
});

test('what is unknown is asked for, and the answer decides', async () => {
  const device = await WireDevice.enrol(server);
  const { decision } = await device.checkIn({ facts: unsearchedFacts });
  assert.ok(decision.kind === 'send-evidence');
  assert.ok(
    decision.probes.some(
      probe => probe.kind === 'files' && /crowdstrike\\c-00000291\*\.sys$/i.test(probe.glob),
    ),
    JSON.stringify(decision.probes),
  );
  assert.equal((await device.checkIn({ facts: channelFacts })).decision.kind, 'remediate');
});

test('another key, a changed body, a changed path: refused, and nothing is stored', async () => {
  const [device, other] = [await WireDevice.enrol(server), await WireDevice.enrol(server)];
  const path = '/v1/check-in';
  const body = Buffer.from(JSON.stringify(device.checkInMessage({ facts: channelFacts })));
  const good = device.headers(path, body);
  const changed = Buffer.from(body.toString().replace('7.15.18513.0', '7.16.18513.0'));
  const forged = new Map([
    [
      'signature-invalid',
      await send(
        server.deviceUrl + path,
        { ...good, signature: other.headers(path, body)['signature']! },
        body,
      ),
    ],
    ['digest-mismatch', await send(server.deviceUrl + path, good, changed)],
  ]);
  for (const [code, answer] of forged) assert.equal(answer.code, code);
  const elsewhere = await send(`${server.deviceUrl}/v1/outcome`, good, body);
  assert.deepEqual([elsewhere.status, elsewhere.code], [401, 'signature-invalid']);
  const { incidents } = await server.features.incidents.list('default', { search: device.deviceId });
  assert.deepEqual(incidents, []);
  assert.equal((await send(server.deviceUrl + path, good, body)).status, 200);
});

test('messages that do not fit are refused with code and place', async () => {
  const device = await WireDevice.enrol(server);
  for (const [message, code, path] of [
    [{}, 'malformed-message', 'version'],
    [device.checkInMessage({ nonce: 'short' }), 'malformed-message', 'nonce'],
    [device.checkInMessage({ sequence: 0 }), 'malformed-message', 'sequence'],
  ] as const) {
    const answer = await device.post('/v1/check-in', message);
    assert.equal(answer.code, code);
    assert.equal((answer.json['error'] as { path?: string }).path, path);
  }
  assert.equal((await device.post('/v1/booted', device.bootedMessage())).code, 'unknown-episode');
});

test('an enrolment signed by another key than it names is refused', async () => {
  const device = await WireDevice.enrol(server);
  const message = {
    version: 1,
    token: 'bm-enrol-0123456789abcdef',
    publicKey: 'ab'.repeat(32),
    device: { name: 'X' },
  };
  assert.equal((await device.post('/v1/enrol', message)).code, 'signature-invalid');
});
