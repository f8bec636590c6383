import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildCsagentCrash } from '../../../../agent/lab/evidence/csagent-crash.ts';
import { buildDeviceInstallLog } from '../../../../agent/lab/logs/device-install-log.ts';
import { buildEventLog } from '../../../../agent/lab/logs/event-log.ts';
import { buildPendingRenamesLog } from '../../../../agent/lab/logs/pending-renames-log.ts';
import { startEvent } from '../../../../agent/lab/logs/system-events.ts';
import { redactEvidence } from '../../../../server/features/evidence/redact-evidence.ts';
import { memorySource } from '../../../../shared/bytes/byte-source.ts';
import { makeExtract } from '../../../../shared/crashdump/extract.ts';
import { readEvidence } from '../../../../shared/evidence/read-evidence.ts';
import { Browser } from '../../../support/console-listener.ts';
import { startTestServer } from '../../../support/running-server.ts';
import { offerOf, WireDevice } from '../../../support/wire-device.ts';

const at = new Date('2024-07-19T04:00:00.000Z');
const person = 'C:\\Users\\ada.lovelace\\Downloads\\cntflt.inf';
const server = await startTestServer();
const admin = new Browser(server.consoleUrl);
const secret = server.welcomeLink!.split('#')[1]!;
await admin.send('POST', '/api/session/link', { secret, name: 'anna', password: 'a long enough password' });

const device = await WireDevice.enrol(server);
const [stored] = await server.database.query<{ name: string }>(
  'select name from device where device_id = $1',
  [device.deviceId],
);
const deviceName = stored!.name;
const extract = makeExtract(memorySource(buildCsagentCrash({ capturedAt: at })));
assert.ok(extract.ok);
const pieces = {
  'setupapi.dev.log': [
    'device-install-log',
    buildDeviceInstallLog(at, [{ title: 'Install', subject: `${person} on ${deviceName}`, at }]),
  ],
  'PFRO.log': [
    'pending-renames-log',
    buildPendingRenamesLog([{ at, failures: [{ path: person, status: '0xc0000034' }], succeeded: 0 }]),
  ],
  'System.evtx': ['event-log', buildEventLog({ computer: deviceName, events: [startEvent(at, 22631, 1)] })],
  'crash-extract.dmp': ['crash-extract', extract.bytes],
  'broken.dmp': ['crash-extract', Buffer.alloc(5000, `no dump of ${deviceName}`)],
} as const;
const ids = Object.fromEntries(
  Object.keys(pieces).map((name, index) => [name, `${index}`.padStart(32, 'c')]),
);
await device.checkIn({
  facts: {},
  evidence: Object.entries(pieces).map(([name, [kind, bytes]]) => ({
    ...offerOf(ids[name]!, kind, Buffer.from(bytes)),
    name,
  })),
});
for (const [name, [, bytes]] of Object.entries(pieces)) await device.upload(ids[name]!, Buffer.from(bytes));
const { incidents } = await server.features.incidents.list('default', { search: device.deviceId });
const { incidentId } = incidents[0]!;

async function download(name: string, names: 'shown' | 'hidden') {
  const query = names === 'hidden' ? '?names=hidden' : '';
  const path = `/api/incidents/${incidentId}/evidence/${ids[name]}${query}`;
  const response = await fetch(server.consoleUrl + path, { headers: { cookie: admin.cookie! } });
  const fileName = /filename\*=UTF-8''(.*)$/.exec(response.headers.get('content-disposition') ?? '')?.[1];
  return { status: response.status, fileName, bytes: Buffer.from(await response.arrayBuffer()) };
}

test('with names shown every download is what the device sent', async () => {
  for (const [name, [, bytes]] of Object.entries(pieces)) {
    const { status, fileName, bytes: got } = await download(name, 'shown');
    assert.deepEqual([status, fileName], [200, name]);
    assert.ok(got.equals(Buffer.from(bytes)), name);
  }
});

test('with names hidden a text log stays that log, in its encoding, without names', async () => {
  for (const [name, encoding] of [
    ['setupapi.dev.log', 'utf8'],
    ['PFRO.log', 'utf16le'],
  ] as const) {
    const { status, fileName, bytes } = await download(name, 'hidden');
    assert.deepEqual([status, fileName], [200, name.replace('.log', '.without-names.log')]);
    const text = bytes.toString(encoding);
    assert.ok(!text.includes(deviceName) && !/lovelace/i.test(text), text);
    assert.match(text, /C:\\Users\\user-1\\Downloads\\cntflt\.inf/);
    const read = readEvidence(pieces[name][0], bytes);
    assert.ok(read.ok, 'the same reader takes it');
  }
});

test('of binary evidence only what was read is given, without names', async () => {
  for (const name of ['System.evtx', 'crash-extract.dmp']) {
    const { status, fileName, bytes } = await download(name, 'hidden');
    assert.deepEqual([status, fileName], [200, name.replace(/\.\w+$/, '.without-names.json')]);
    const text = bytes.toString('utf8');
    assert.ok(!text.includes(deviceName));
    assert.equal(typeof JSON.parse(text), 'object');
  }
});

test('what cannot be read is not handed out while names are hidden, and the way to it is named', async () => {
  const { status, bytes } = await download('broken.dmp', 'hidden');
  assert.equal(status, 409);
  const { error } = JSON.parse(bytes.toString()) as { error: { code: string; message: string } };
  assert.equal(error.code, 'names-not-hidden');
  assert.match(error.message, /Show names to take it as it came/);
});

test('the audit log tells whether names were shown', async () => {
  const rows = await server.database.query<{ names: string; count: number }>(
    `select detail ->> 'names' as names, count(*)::int as count from audit_entry
     where action = 'evidence-downloaded' group by 1 order by 1`,
  );
  assert.deepEqual(rows, [
    { names: 'hidden', count: 5 },
    { names: 'shown', count: 5 },
  ]);
});

test('a text that is too long to be redacted is refused, not handed out in part', () => {
  const long = Buffer.alloc(5 * 1024 * 1024, 'a line\n');
  const result = redactEvidence('boot-log', long, 'LAB-1');
  assert.ok(!result.ok);
  assert.equal(result.problem.code, 'too-large');
});
