import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { buildCbsLog } from '../../../../agent/lab/logs/servicing-log.ts';
import { buildNtbtlog } from '../../../../agent/lab/evidence/ntbtlog.ts';
import { FileBlobStore } from '../../../../server/blobs/file-blob-store.ts';
import { EvidenceRetention } from '../../../../server/features/evidence/evidence-retention.ts';
import { factsOfRegistryExtract } from '../../../../shared/facts/facts-of-registry-extract.ts';
import { exampleExtract } from '../../../shared/registry/example-extract.ts';
import { memorySource } from '../../../../shared/bytes/byte-source.ts';
import type { CrashDump } from '../../../../shared/crashdump/crash-dump.ts';
import { makeExtract } from '../../../../shared/crashdump/extract.ts';
import { buildCsagentCrash } from '../../../../agent/lab/evidence/csagent-crash.ts';
import { ensureSecret } from '../../../../server/secret-files.ts';
import { silentLog } from '../../../support/silent-log.ts';
import { startTestServer, testConfig } from '../../../support/running-server.ts';
import { answerOf, offerOf, WireDevice } from '../../../support/wire-device.ts';

const config = testConfig();
const server = await startTestServer(config);
const bootLog = Buffer.from(
  buildNtbtlog([
    {
      startedAt: new Date('2024-07-19T05:02:04.500Z'),
      osBuild: 22631,
      loaded: ['\\SystemRoot\\System32\\drivers\\csagent.sys'],
    },
  ]),
);
const bootLogId = 'aaaabbbbccccddddeeeeffff00001111';
const garbageId = 'aaaabbbbccccddddeeeeffff00002222';
const largeId = 'aaaabbbbccccddddeeeeffff00003333';
const garbage = Buffer.alloc(50_000, 'no dump at all');
const large = Buffer.alloc(700_000, 'a boot log of many parts');

/** A device whose unexplained incident was asked for everything it offers. */
async function askedDevice(lie: Partial<{ sha256: string }> = {}) {
  const device = await WireDevice.enrol(server);
  const evidence = [
    offerOf(bootLogId, 'boot-log', bootLog),
    offerOf(garbageId, 'crash-extract', garbage),
    { ...offerOf(largeId, 'boot-log', large), ...lie },
  ];
  const { decision } = await device.checkIn({ facts: {}, evidence });
  assert.deepEqual(
    decision.kind === 'send-evidence' && decision.evidence,
    [bootLogId, garbageId, largeId].map(evidenceId => ({ evidenceId, fromBytes: 0 })),
  );
  return device;
}

const incidentOf = async ({ deviceId }: WireDevice) => {
  const { incidents } = await server.features.incidents.list('default', { search: deviceId });
  return await server.features.incidents.get('default', incidents[0]!.incidentId);
};

const evidenceOf = async (device: WireDevice) => {
  const { evidence } = await incidentOf(device);
  return new Map(evidence.map(piece => [piece.evidenceId, piece]));
};

/** Waits until the server has read a piece. */
async function untilRead(device: WireDevice, evidenceId: string) {
  for (;;) {
    const piece = (await evidenceOf(device)).get(evidenceId);
    if (piece && piece.state !== 'stored' && piece.state !== 'receiving') return piece;
  }
}

test('a piece in one part is stored and read outside the request', async () => {
  const device = await askedDevice();
  const answer = await device.upload(bootLogId, bootLog);
  assert.deepEqual(answer.json, { version: 1, receivedBytes: bootLog.length, complete: true });
  const piece = await untilRead(device, bootLogId);
  assert.equal(piece.state, 'parsed');
  assert.equal((piece.reading as { format: string }).format, 'ntbtlog');
  assert.deepEqual((await device.upload(bootLogId, bootLog)).json, answer.json, 'a repeat is harmless');
});

test('a crash is read by the server itself, and what the device said otherwise is shown', async () => {
  const extract = makeExtract(
    memorySource(buildCsagentCrash({ capturedAt: new Date('2024-07-19T05:02:11.000Z') })),
  );
  assert.ok(extract.ok);
  const bytes = extract.bytes;
  const told = { 'crash.module': 'nice.sys', 'crash.code': '0x50', 'bootlog.loaded': 9, 'os.build': 22631 };
  const device = await WireDevice.enrol(server);
  const evidence = [offerOf(garbageId, 'crash-extract', bytes), offerOf(bootLogId, 'boot-log', bootLog)];
  await device.checkIn({ facts: told, evidence });
  await device.upload(garbageId, bytes);
  await device.upload(bootLogId, bootLog);
  const { state, reading } = await untilRead(device, garbageId);
  assert.equal(state, 'parsed');
  assert.equal((reading as CrashDump).culprit.module, 'csagent.sys');
  assert.ok(!('disagreements' in (reading as object)));
  await untilRead(device, bootLogId);
  const { facts, disagreements } = await incidentOf(device);
  assert.deepEqual(facts, told, 'facts stay as the device told them');
  assert.deepEqual(disagreements, [
    { fact: 'bootlog.loaded', device: 9, server: 1 },
    { fact: 'crash.module', device: 'nice.sys', server: 'csagent.sys' },
  ]);
});

test('registry facts are drawn again from the settings that the device sent, and servicing from its log', async () => {
  const { osVersion } = factsOfRegistryExtract(exampleExtract);
  assert.equal(osVersion['os.build'], 22631);
  const registry = Buffer.from(JSON.stringify(exampleExtract));
  const session = { id: '1_2', client: 'Lab', startedAt: new Date('2024-07-19T04:00:00Z'), package: 'p' };
  const result = { code: '0x800f0922', name: 'CBS_E_INSTALLERS_FAILED' };
  const cbs = Buffer.from(buildCbsLog([{ ...session, from: 'Staged', to: 'Installed', result }]));
  const told = {
    'os.build': 19045,
    'hive.system': 'clean',
    'driver.csagent.start': 'disabled',
    'servicing.rootError': '0x80070002',
  };
  const device = await WireDevice.enrol(server);
  const evidence = [
    offerOf(garbageId, 'registry-extract', registry),
    offerOf(bootLogId, 'servicing-log', cbs),
  ];
  // What a known issue asks for comes first, in at most two rounds.
  let { decision } = await device.checkIn({ facts: told, evidence });
  while (decision.kind === 'send-evidence' && decision.evidence.length === 0)
    ({ decision } = await device.checkIn({ facts: told, evidence }));
  await device.upload(garbageId, registry);
  await device.upload(bootLogId, cbs);
  assert.equal((await untilRead(device, garbageId)).state, 'parsed');
  assert.equal((await untilRead(device, bootLogId)).state, 'parsed');
  const { disagreements = [] } = await incidentOf(device);
  assert.deepEqual(
    disagreements.toSorted((a, b) => (a.fact < b.fact ? -1 : 1)),
    [
      { fact: 'driver.csagent.start', device: 'disabled', server: 'system' },
      { fact: 'os.build', device: 19045, server: 22631 },
      { fact: 'servicing.rootError', device: '0x80070002', server: '0x800f0922' },
    ],
  );
});

test('where device and server agree, nothing is said', async () => {
  const device = await WireDevice.enrol(server);
  const evidence = [offerOf(bootLogId, 'boot-log', bootLog)];
  await device.checkIn({ facts: { 'bootlog.loaded': 1, 'bootlog.lastLoaded': 'csagent.sys' }, evidence });
  await device.upload(bootLogId, bootLog);
  await untilRead(device, bootLogId);
  assert.equal((await incidentOf(device)).disagreements, undefined);
});

test('a file that is no dump is unreadable, with a code', async () => {
  const device = await askedDevice();
  await device.upload(garbageId, garbage);
  const piece = await untilRead(device, garbageId);
  assert.equal(piece.state, 'unreadable');
  assert.match((piece.reading as { problem: { code: string } }).problem.code, /^[a-z-]+$/);
});

test('parts come in order, resume, repeat; a gap is refused with the place to go on', async () => {
  const device = await askedDevice();
  const [one, two] = [large.subarray(0, 300_000), large.subarray(300_000)];
  const early = await device.upload(largeId, two, 300_000);
  assert.deepEqual([early.status, early.code, early.json['receivedBytes']], [409, 'offset-mismatch', 0]);
  assert.deepEqual((await device.upload(largeId, one)).json, {
    version: 1,
    receivedBytes: 300_000,
    complete: false,
  });
  assert.deepEqual((await device.upload(largeId, one)).json['receivedBytes'], 300_000);
  const overlapping = await device.upload(largeId, large);
  assert.deepEqual([overlapping.status, overlapping.json['receivedBytes']], [200, 300_000]);
  const done = await device.upload(largeId, two, 300_000);
  assert.deepEqual(done.json, { version: 1, receivedBytes: large.length, complete: true });
  assert.equal((await device.upload(largeId, two, 300_000)).json['complete'], true);
});

test('bytes that are not the ones that were offered do not count', async () => {
  const device = await askedDevice({ sha256: 'ab'.repeat(32) });
  await device.upload(largeId, large.subarray(0, 300_000));
  const answer = await device.upload(largeId, large.subarray(300_000), 300_000);
  assert.deepEqual([answer.status, answer.code], [409, 'evidence-damaged']);
  assert.equal((await untilRead(device, largeId)).state, 'unreadable');
});

test('what nobody asked for is refused: unknown, not wanted, beyond its size, of another device', async () => {
  const device = await askedDevice();
  assert.equal((await device.upload('f'.repeat(32), garbage)).code, 'evidence-not-wanted');
  assert.equal((await device.upload(bootLogId, garbage)).code, 'part-too-large');
  const other = await WireDevice.enrol(server);
  assert.equal((await other.upload(bootLogId, bootLog)).code, 'evidence-not-wanted');
  const offered = await WireDevice.enrol(server);
  answerOf(await offered.post('/v1/check-in', offered.checkInMessage({ facts: {}, evidence: [] })));
  assert.equal((await offered.upload(bootLogId, bootLog)).code, 'evidence-not-wanted');
});

test('old bytes are deleted for good; what was read stays', async () => {
  const device = await askedDevice();
  await device.upload(bootLogId, bootLog);
  await untilRead(device, bootLogId);
  const blobs = new FileBlobStore(
    path.join(config.dataDir, 'evidence'),
    ensureSecret(path.join(config.dataDir, 'keys/blob-key')),
  );
  const transactions = server.database;
  const retention = new EvidenceRetention({ transactions, blobs, log: silentLog, keepDays: 30 });
  await retention.expireEvidence(new Date(Date.now() + 29 * 86_400_000));
  assert.equal((await evidenceOf(device)).get(bootLogId)!.state, 'parsed');
  await retention.expireEvidence(new Date(Date.now() + 31 * 86_400_000));
  const piece = (await evidenceOf(device)).get(bootLogId)!;
  assert.equal(piece.state, 'expired');
  assert.ok(piece.reading);
  assert.equal((await device.upload(bootLogId, bootLog)).code, 'evidence-not-wanted');
});
