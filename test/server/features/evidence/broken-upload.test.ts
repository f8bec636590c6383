import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { Session } from '../../../../agent/core/session.ts';
import { offerEvidence, uploadEvidence } from '../../../../agent/core/upload-evidence.ts';
import { createMemoryHost } from '../../../../agent/host/memory-host.ts';
import { createNodeNetwork } from '../../../../agent/host/node-network.ts';
import { startTestServer, testConfig } from '../../../support/running-server.ts';
import { offerOf, WireDevice } from '../../../support/wire-device.ts';

const dailyEvidenceBytes = 2_000_000;
const config = testConfig({ dailyEvidenceBytes });
let now = new Date('2026-05-06T07:08:09Z');
const server = await startTestServer(config, { clock: () => now });
const devicePort = Number(new URL(server.deviceUrl).port);

const [logId, otherId] = ['aaaabbbbccccddddeeeeffff00001111', 'aaaabbbbccccddddeeeeffff00002222'];
const log = randomBytes(900_000);
const halves = [log.subarray(0, 400_000), log.subarray(400_000)] as const;

async function askedDevice(...pieces: (readonly [id: string, bytes: Buffer])[]) {
  const device = await WireDevice.enrol(server);
  const evidence = pieces.map(([id, bytes]) => offerOf(id, 'event-log', bytes));
  const { decision } = await device.checkIn({ facts: {}, evidence });
  assert.equal(decision.kind, 'send-evidence');
  return device;
}

const pieceOf = async ({ episode }: WireDevice, evidenceId: string) => {
  const [piece] = await server.database.query<{ state: string; received: string }>(
    `select v.state, v.received_bytes as received from evidence v join episode e using (organization_id, incident_id)
     where e.episode = $1 and v.evidence_id = $2`,
    [episode, evidenceId],
  );
  return [piece!.state, Number(piece!.received)];
};

/** Files of pieces on the server's disk, those still arriving too. */
const storedFiles = () =>
  readdirSync(path.join(config.dataDir, 'evidence'), { recursive: true, withFileTypes: true }).filter(entry =>
    entry.isFile(),
  ).length;

/** What is not kept goes once its answer has left. */
async function expectFiles(count: number) {
  for (let turn = 0; storedFiles() !== count && turn < 10_000; turn++) await new Promise(setImmediate);
  assert.equal(storedFiles(), count);
}

test('one part sent many times at once is counted once', async () => {
  const device = await askedDevice([logId, log]);
  const before = storedFiles();
  const answers = await Promise.all(Array.from({ length: 6 }, () => device.upload(logId, halves[0])));
  for (const { status, json } of answers)
    assert.deepEqual([status, json['receivedBytes'], json['complete']], [200, halves[0].length, false]);
  assert.deepEqual(await pieceOf(device, logId), ['receiving', halves[0].length]);
  await expectFiles(before + 1);
  const ends = await Promise.all(
    Array.from({ length: 6 }, () => device.upload(logId, halves[1], halves[0].length)),
  );
  assert.ok(ends.every(({ status, json }) => status === 200 && json['complete'] === true));
  const [queued] = await server.database.query<{ count: string }>(
    `select count(*) from work_item where payload ->> 'evidenceId' = $1 and attempts_left > 0`,
    [logId],
  );
  assert.ok(Number(queued!.count) <= 1, 'it is read once');
});

test('parts of two files make neither of them', async () => {
  const other = randomBytes(log.length);
  const device = await askedDevice([logId, log], [otherId, other]);
  await device.upload(logId, halves[0]);
  const mixed = await device.upload(logId, other.subarray(halves[0].length), halves[0].length);
  assert.deepEqual([mixed.status, mixed.code], [409, 'evidence-damaged']);
  assert.deepEqual(await pieceOf(device, logId), ['unreadable', log.length]);
  assert.equal((await device.upload(otherId, other)).json['complete'], true, 'the other one is not touched');
});

test('offsets and sizes that lie are refused and leave nothing', async () => {
  const device = await askedDevice([logId, log]);
  const before = storedFiles();
  const lies = [
    [log.length, Buffer.from('more'), 'part-too-large'],
    [64 * 1024 * 1024, Buffer.from('x'), 'part-too-large'],
    [1, log, 'part-too-large'],
    [1, log.subarray(1), 'offset-mismatch'],
    [2 ** 40, Buffer.from('x'), 'malformed-message'],
  ] as const;
  for (const [offsetBytes, bytes, code] of lies)
    assert.equal((await device.upload(logId, bytes, offsetBytes)).code, code, `${offsetBytes}`);
  assert.deepEqual(await pieceOf(device, logId), ['wanted', 0]);
  await expectFiles(before);
  const tooLarge = { ...offerOf(otherId, 'event-log', log), sizeBytes: 64 * 1024 * 1024 + 1 };
  const { code } = await device.post('/v1/check-in', device.checkInMessage({ evidence: [tooLarge] }));
  assert.equal(code, 'malformed-message');
});

test('what one device sends in a day is bounded, over all its episodes; others and the next day are not held up', async () => {
  const device = await askedDevice([logId, log], [otherId, log.subarray(1)]);
  assert.equal((await device.upload(logId, log)).status, 200);
  const later = device.callAgain(server);
  const third = randomBytes(log.length);
  await later.checkIn({ facts: {}, evidence: [offerOf('f'.repeat(32), 'event-log', third)] });
  assert.equal((await device.upload(otherId, log.subarray(1))).status, 200);
  const before = storedFiles();
  const spent = await later.upload('f'.repeat(32), third);
  assert.deepEqual([spent.status, spent.code], [409, 'evidence-budget-spent']);
  await expectFiles(before);
  const other = await askedDevice([logId, log]);
  assert.equal((await other.upload(logId, log)).status, 200);
  now = new Date(now.getTime() + 86_400_001);
  assert.equal((await later.upload('f'.repeat(32), third)).json['complete'], true);
});

test('the agent leaves out what the server takes no more of, and goes on', async () => {
  const device = await WireDevice.enrol(server);
  const network = createNodeNetwork();
  const host = { ...createMemoryHost({ disks: {} }), network };
  const pieces = ['a', 'b', 'c'].map(
    name => ({ kind: 'event-log', name, bytes: randomBytes(900_000) }) as const,
  );
  const offered = offerEvidence(host, device.episode, pieces);
  const { decision } = await device.checkIn({ facts: {}, evidence: offered.map(one => one.offer) });
  assert.ok(decision.kind === 'send-evidence');
  const settings = {
    servers: [server.deviceUrl],
    pins: server.pins,
    keyId: device.keyId,
    sign: device.key.sign,
  };
  assert.ok(await uploadEvidence(new Session(host), settings, device.episode, offered, decision.evidence));
  network.close();
  const states = await Promise.all(offered.map(({ offer }) => pieceOf(device, offer.evidenceId)));
  assert.deepEqual(
    states.map(([, received]) => received),
    [900_000, 900_000, 0],
  );
});

// The last one, since it ends the server.
test('a server that is started again in the middle of an upload goes on with it', async () => {
  const device = await askedDevice([logId, log]);
  await device.upload(logId, halves[0]);
  await server.stop();
  await startTestServer({ ...config, devicePort }, { clock: () => now });
  // The device does not know what arrived, and begins anew.
  const again = await device.upload(logId, halves[0]);
  assert.deepEqual([again.status, again.json['receivedBytes']], [200, halves[0].length]);
  const whole = await device.upload(logId, halves[1], halves[0].length);
  assert.deepEqual(whole.json, { version: 1, receivedBytes: log.length, complete: true });
});
