import assert from 'node:assert/strict';
import { test } from 'node:test';
import { incidentDetail, incidentList } from '../../../shared/api/incident.ts';
import { Browser } from '../../support/console-listener.ts';
import { startTestServer } from '../../support/running-server.ts';
import { channelFacts, offerOf, WireDevice } from '../../support/wire-device.ts';

const server = await startTestServer();
const admin = new Browser(server.consoleUrl);
const secret = server.welcomeLink!.split('#')[1]!;
await admin.send('POST', '/api/session/link', { secret, name: 'anna', password: 'a long enough password' });
/** What does not come as JSON. */
const raw = (path: string, signal?: AbortSignal) =>
  fetch(server.consoleUrl + path, { headers: { cookie: admin.cookie! }, ...(signal && { signal }) });

const evidenceId = 'aaaabbbbccccddddeeeeffff00004444';
const log = Buffer.alloc(600_000, 'bytes as the device sent them ');
const device = await WireDevice.enrol(server);
await device.checkIn({ facts: {}, evidence: [offerOf(evidenceId, 'boot-log', log)] });
await device.upload(evidenceId, log);

test('nobody reads anything without signing in', async () => {
  const stranger = new Browser(server.consoleUrl);
  for (const path of [
    '/api/incidents',
    '/api/incidents/x',
    `/api/incidents/x/evidence/${evidenceId}`,
    '/api/events',
  ])
    assert.equal((await stranger.send('GET', path)).status, 401, path);
});

test('list and page have the shape that the console was promised', async () => {
  const list = incidentList.parse((await admin.send('GET', '/api/incidents?state=unexplained&limit=5')).json);
  const { incidentId } = list.incidents[0]!;
  const detail = incidentDetail.parse((await admin.send('GET', `/api/incidents/${incidentId}`)).json);
  assert.equal(detail.evidence[0]!.evidenceId, evidenceId);
  assert.equal((await admin.send('GET', '/api/incidents/nothing')).status, 404);
  assert.equal((await admin.send('GET', '/api/incidents?state=broken')).status, 400);
});

test('an operator takes the bytes, and the audit log knows; a viewer may not', async () => {
  const { incidents } = incidentList.parse((await admin.send('GET', '/api/incidents')).json);
  const path = `/api/incidents/${incidents[0]!.incidentId}/evidence/${evidenceId}`;
  const response = await raw(path);
  assert.equal(response.headers.get('content-disposition'), `attachment; filename*=UTF-8''file.bin`);
  assert.ok(log.equals(Buffer.from(await response.arrayBuffer())));
  const viewer = new Browser(server.consoleUrl);
  const link = await server.features.access.makeLink('viewer');
  await viewer.send('POST', '/api/session/link', {
    secret: link,
    name: 'vera',
    password: 'another long password',
  });
  assert.equal((await viewer.send('GET', '/api/incidents')).status, 200);
  const refused = await viewer.send('GET', path);
  assert.deepEqual(
    [refused.status, refused.code, refused.json?.error?.role],
    [403, 'role-required', 'operator'],
  );
  const [entry] = await server.database.query(
    `select actor, subject from audit_entry where action = 'evidence-downloaded'`,
  );
  assert.deepEqual(entry, { actor: 'account:anna', subject: `incident:${incidents[0]!.incidentId}` });
  assert.equal((await admin.send('GET', path.replace(evidenceId, 'f'.repeat(32)))).status, 404);
});

test('a console that listens hears of a change', async () => {
  const hearing = new AbortController();
  const response = await raw('/api/events', hearing.signal);
  assert.equal(response.status, 200);
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  await reader.read();
  const other = await WireDevice.enrol(server);
  await other.checkIn({ facts: channelFacts });
  const { incidents } = await server.features.incidents.list('default', { search: other.deviceId });
  for (let heard = ''; !heard.includes(incidents[0]!.incidentId); heard += (await reader.read()).value);
  hearing.abort();
});
