import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import type { IRoute } from 'express';
import { buildApp } from '../../../server/app.ts';
import { FileBlobStore } from '../../../server/blobs/file-blob-store.ts';
import { createLabGround } from '../../../server/cli/lab-ground.ts';
import { Leases } from '../../../server/db/leases.ts';
import { allowedProgramEndpoints, allowedProgramList } from '../../../shared/api/allowed-program.ts';
import { apiDocument } from '../../../shared/api/api-document.ts';
import { apiTokenEndpoints, apiTokenList, madeApiToken } from '../../../shared/api/api-token.ts';
import { auditEndpoints, auditList } from '../../../shared/api/audit.ts';
import type { Endpoint } from '../../../shared/api/endpoint.ts';
import { endpointGroups } from '../../../shared/api/endpoints.ts';
import { incidentEndpoints, incidentList } from '../../../shared/api/incident.ts';
import { nowEndpoints } from '../../../shared/api/now.ts';
import { recoveryKeyEndpoints } from '../../../shared/api/recovery-key.ts';
import { remediationEndpoints, savedVersion } from '../../../shared/api/remediation.ts';
import { type Role, session, sessionEndpoints } from '../../../shared/api/session.ts';
import { keyRequestExample } from '../../../shared/wire/key-request.ts';
import { type Saying, callByToken } from '../../support/api-caller.ts';
import { contosoIssue } from '../../support/contoso-issue.ts';
import { anna, exampleApproval, sealBy } from '../../support/approvers.ts';
import { Browser } from '../../support/console-listener.ts';
import { curl } from '../../support/debian-packages.ts';
import { top } from '../../support/imports.ts';
import { startTestServer, temporaryDataDir, testConfig } from '../../support/running-server.ts';
import { recoveryPassword } from '../../support/locked-machine.ts';
import { silentLog } from '../../support/silent-log.ts';
import { approveCatalog, attemptIn, channelFacts, offerOf, WireDevice } from '../../support/wire-device.ts';

const noCurl = existsSync(curl.file) ? false : `${curl.file} is missing: apt-get install ${curl.name}`;
const agentFile = path.join(temporaryDataDir(), 'bootmend.exe');
writeFileSync(agentFile, 'MZ only a test');
const server = await startTestServer(undefined, { labOf: createLabGround, agentFile });
const { consoleUrl: url, database } = server;
const admin = new Browser(url);
const secretOfLink = server.welcomeLink!.split('#')[1]!;
const password = 'a long enough password';
await admin.send('POST', '/api/session/link', { secret: secretOfLink, name: 'anna', password });

const makeToken = async (role: Role, days = 30) =>
  madeApiToken.parse((await admin.send('POST', '/api/tokens', { name: `only ${role}`, role, days })).json);
const token = (await makeToken('admin')).secret;
const viewer = (await makeToken('viewer')).secret;
const vera = new Browser(url);
const link = await server.features.access.makeLink('viewer');
await vera.send('POST', '/api/session/link', { secret: link, name: 'vera', password });
const endpoints = endpointGroups.flatMap(group => Object.values(group.endpoints));

await approveCatalog(server);
const evidence = Buffer.from('bytes as the device sent them');
const evidenceId = 'aaaabbbbccccddddeeeeffff00004444';
const device = await WireDevice.enrol(server);
await device.checkIn({ facts: {}, evidence: [offerOf(evidenceId, 'boot-log', evidence)] });
await device.upload(evidenceId, evidence);
const pending = await WireDevice.enrol(server);
await database.query(`update device set state = 'pending' where device_id = $1`, [pending.deviceId]);
const other = await WireDevice.enrol(server);
await other.checkIn({ facts: channelFacts });
const incidentOf = async (of: WireDevice): Promise<string> => {
  const { json } = await callByToken(url, viewer, incidentEndpoints.list);
  const found = incidentList.parse(json).incidents.find(one => one.deviceId === of.deviceId);
  return found!.incidentId;
};
const incidentId = await incidentOf(device);
const late = await WireDevice.enrol(server);
await late.checkIn({ facts: {} });
const lateId = await incidentOf(late);

const source = contosoIssue(`  all:
    - fact: crash.module
      equals: contoso.sys
    - fact: driver.contoso.version
      from: '9.2'
      until: '11.0'`);
const text = `remediation "Delete bad.sys"\n  risk low\n\nrequire crash module is csagent.sys\n\ndelete %SystemRoot%\\System32\\drivers\\CrowdStrike\\bad.sys\n`;
const ofIssue = { params: { knownIssueId: 'contoso-2026-01-01', version: '1' } };

/** The approval of what was saved before, signed by anna. */
async function approveSaved(): Promise<Saying> {
  const saying = { params: { remediationId: 'bad-file' }, body: { text } };
  const saved = await callByToken(url, token, remediationEndpoints.saveVersion, saying);
  const { version, sha256 } = savedVersion.parse(saved.json);
  const document = {
    ...exampleApproval,
    remediationId: 'bad-file',
    version,
    scriptSha256: sha256,
    sequence: 2,
  };
  const expiresAt = new Date(Date.now() + 86_400_000).toISOString();
  return { body: { envelope: sealBy('approval', { ...document, expiresAt }, anna) } };
}

async function tokenToRevoke(): Promise<Saying> {
  return { params: { tokenId: (await makeToken('viewer')).token.tokenId } };
}

const [keyId] = keyRequestExample.keyIds as [string];

/** A locked machine that waits. */
async function requestToRefuse(): Promise<Saying> {
  const { ended: _, ...message } = keyRequestExample;
  await server.features.keyRelease.ask('default', message);
  const { requests } = await server.features.keyRelease.list('default');
  return { params: { requestId: requests[0]!.requestId }, body: { reason: 'nobody called' } };
}

const ofPerson = async (body?: object): Promise<Saying> => {
  const [vera] = await database.query<{ id: string }>(
    `select account_id as id from account where name = 'vera'`,
  );
  return { params: { accountId: vera!.id }, ...(body && { body }) };
};

/** What each endpoint is asked, in the order of the groups; one that needs nothing said is not here. */
const sayings: Readonly<Record<string, Saying | (() => Promise<Saying>)>> = {
  'GET /api/incidents': { query: { limit: 5, names: 'hidden' } },
  'GET /api/incidents/:incidentId': { params: { incidentId } },
  'GET /api/incidents/:incidentId/evidence/:evidenceId': { params: { incidentId, evidenceId } },
  'POST /api/incidents/:incidentId/retry': { params: { incidentId } },
  'POST /api/incidents/:incidentId/assign': {
    params: { incidentId },
    body: { remediationId: 'crowdstrike-2024-07-19' },
  },
  'POST /api/incidents/:incidentId/mark-healed': {
    params: { incidentId: lateId },
    body: { note: 'started from the recovery menu' },
  },
  'POST /api/saved-filters': { body: { name: 'Lyon', state: 'person', search: 'lyon' } },
  'DELETE /api/saved-filters/:name': { params: { name: 'Lyon' } },
  'GET /api/known-issues/:knownIssueId': { params: { knownIssueId: 'crowdstrike-2024-07-19' } },
  'POST /api/known-issues/try': { body: { source } },
  'POST /api/known-issues': { body: { source } },
  'POST /api/known-issues/:knownIssueId/versions/:version/publish': ofIssue,
  'POST /api/known-issues/:knownIssueId/versions/:version/back-test': ofIssue,
  'POST /api/known-issues/:knownIssueId/withdraw': ofIssue,
  'GET /api/incidents/:incidentId/known-issue': { params: { incidentId } },
  'GET /api/remediations/:remediationId': { params: { remediationId: 'crowdstrike-2024-07-19' } },
  'POST /api/remediations/:remediationId/versions': { params: { remediationId: 'bad-file' }, body: { text } },
  'POST /api/approvals': approveSaved,
  'POST /api/simulations': { body: { text, on: { kind: 'incident', incidentId } } },
  'GET /api/incidents/:incidentId/healthy-machines': { params: { incidentId } },
  'GET /api/devices/:deviceId': { params: { deviceId: device.deviceId } },
  'GET /api/devices/:deviceId/undo-orders': { params: { deviceId: device.deviceId } },
  'POST /api/devices/:deviceId/accept': { params: { deviceId: pending.deviceId } },
  'POST /api/devices/:deviceId/retire': { params: { deviceId: pending.deviceId } },
  'GET /api/incidents/:incidentId/undo-orders': { params: { incidentId } },
  'POST /api/incidents/:incidentId/attempts/:attemptId/undo': async () => ({
    params: await healedAttempt(),
    body: { reason: 'a doubt' },
  }),
  'POST /api/incidents/:incidentId/attempts/:attemptId/undo/withdraw': async () => ({
    params: await healedAttempt(),
  }),
  'POST /api/agent-releases/:number/steer': releaseToSteer,
  'POST /api/recovery-keys': { body: { keys: [{ keyId, recoveryPassword, device: device.deviceId }] } },
  'POST /api/recovery-keys/requests/:requestId/refuse': requestToRefuse,
  'POST /api/enrolment/bundles': {
    body: { servers: ['https://192.0.2.10:8443'], kind: 'device', uses: 1, days: 7 },
  },
  'GET /api/remediations/:remediationId/versions/:version/reach': {
    params: { remediationId: 'crowdstrike-2024-07-19', version: '1' },
    query: { incidentId },
  },
  'POST /api/allowed-programs': {
    body: { path: String.raw`%ProgramFiles%\Contoso\mend.exe`, sha256: 'ab'.repeat(32) },
  },
  'DELETE /api/allowed-programs/:programId': programToRemove,
  'PUT /api/system/log-level': { body: { level: 'debug', minutes: 1 } },
  'POST /api/people': { body: { role: 'viewer' } },
  'POST /api/people/:accountId/reset': () => ofPerson(),
  'PUT /api/people/:accountId/role': () => ofPerson({ role: 'author' }),
  'POST /api/people/:accountId/disable': () => ofPerson(),
  'POST /api/people/:accountId/enable': () => ofPerson(),
  'GET /api/search': { query: { for: 'wire' } },
  'POST /api/tokens': { body: { name: 'made by a token', role: 'viewer', days: 1 } },
  'POST /api/tokens/:tokenId/revoke': tokenToRevoke,
};
/** A program that is on the list. */
async function programToRemove(): Promise<Saying> {
  const { json } = await callByToken(url, token, allowedProgramEndpoints.list);
  return { params: { programId: allowedProgramList.parse(json).programs[0]!.programId } };
}
let healed: Promise<{ incidentId: string; attemptId: string }> | undefined;
/** An attempt that can be taken back: the same one, so that an undo that was asked for can be withdrawn. */
const healedAttempt = () => (healed ??= healAnother());

async function healAnother() {
  const machine = await WireDevice.enrol(server);
  const attemptId = attemptIn(await machine.checkIn({ facts: channelFacts }));
  await machine.post('/v1/outcome', machine.outcomeMessage(attemptId));
  await machine.post('/v1/booted', machine.bootedMessage(attemptId));
  return { incidentId: await incidentOf(machine), attemptId };
}

/** A release of the agent to steer. */
async function releaseToSteer(): Promise<Saying> {
  const bytes = Buffer.from('MZ agent');
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const release = {
    type: 'agent-release' as const,
    organization: 'default',
    number: 1,
    version: '9.0.0',
    sha256,
    sizeBytes: bytes.length,
    approvedAt: exampleApproval.approvedAt,
  };
  const how = { percent: 1, actor: 'test' };
  await server.features.agentReleases.publish('default', sealBy('agentRelease', release, anna), bytes, how);
  return { params: { number: '1' }, body: { kind: 'offer', percent: 10 } };
}
const nameOf = ({ method, path: place }: Endpoint) => `${method} ${place}`;
const forBrowsers = new Set<Endpoint>([
  sessionEndpoints.signIn,
  sessionEndpoints.openLink,
  sessionEndpoints.signOut,
  recoveryKeyEndpoints.release,
]);

test('a token does everything the console does, and each answer is as the document says', async () => {
  for (const endpoint of endpoints.filter(one => !forBrowsers.has(one))) {
    const [name, said] = [nameOf(endpoint), sayings[nameOf(endpoint)] ?? {}];
    const saying = typeof said === 'function' ? await said() : said;
    const answer = await callByToken(url, token, endpoint, saying);
    assert.equal(answer.status, endpoint.status, `${name}: ${JSON.stringify(answer.json)}`);
    if (typeof endpoint.answer === 'string') continue;
    const parsed = endpoint.answer.safeParse(answer.json);
    assert.ok(parsed.success, `${name}: ${JSON.stringify(parsed.error?.issues[0])}`);
  }
});

test('who comes without a token is refused everywhere, and a viewer is told who may', async () => {
  for (const endpoint of endpoints.filter(one => one.role !== 'anyone' && !forBrowsers.has(one))) {
    const params = Object.fromEntries([...endpoint.path.matchAll(/:(\w+)/g)].map(([, name]) => [name!, 'x']));
    const stranger = await callByToken(url, undefined, endpoint, { params });
    // without a token an unsafe request must come from a page of the console
    const expected = endpoint.method === 'GET' ? [401, 'not-signed-in'] : [403, 'cross-site-request'];
    assert.deepEqual([stranger.status, stranger.code], expected, nameOf(endpoint));
    if (endpoint.role === 'viewer') continue;
    const refused = await callByToken(url, viewer, endpoint, { params });
    assert.deepEqual([refused.status, refused.role], [403, endpoint.role], nameOf(endpoint));
  }
});

test('every route of the server is in the document, and nothing else is', async () => {
  const { json } = await callByToken(
    url,
    undefined,
    endpoints.find(one => one.path.endsWith('openapi.json'))!,
  );
  const { paths } = apiDocument.parse(json);
  const described = Object.entries(paths).flatMap(([place, ways]) =>
    Object.keys(ways).map(way => `${way} ${place.replace(/\{(\w+)\}/g, ':$1')}`),
  );
  const { consoleRoutes } = buildApp({
    config: testConfig(),
    database,
    blobs: new FileBlobStore(temporaryDataDir(), Buffer.alloc(32, 1)),
    leases: new Leases(database, 'routes'),
    keysDir: path.join(temporaryDataDir(), 'keys'),
    pin: 'ab'.repeat(32),
    log: silentLog,
    clock: () => new Date(),
  });
  const routed = consoleRoutes.flatMap(router =>
    (router as unknown as { stack: { route?: IRoute }[] }).stack.flatMap(({ route }) =>
      route === undefined ? [] : route.stack.slice(0, 1).map(({ method }) => `${method} ${route.path}`),
    ),
  );
  assert.deepEqual(described.toSorted(), [...routed, 'get /health', 'get /ready'].toSorted());
  const refs = [...JSON.stringify(json).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)];
  const { schemas } = apiDocument.parse(json).components;
  assert.deepEqual(
    refs.map(([, name]) => name!).filter(name => schemas[name] === undefined),
    [],
  );
});

test('a token is shown once, ends, is revoked, and everything it did is in the log under its name', async () => {
  const made = await makeToken('operator', 1);
  const whole = await callByToken(url, made.secret, sessionEndpoints.read);
  assert.deepEqual(
    { ...session.parse(whole.json) },
    { name: 'token:only operator', role: 'operator', expiresAt: made.token.expiresAt },
  );
  const list = apiTokenList.parse((await admin.send('GET', '/api/tokens')).json);
  const shown = list.tokens.find(one => one.tokenId === made.token.tokenId)!;
  assert.ok(shown.lastUsedAt !== undefined);
  assert.ok(!JSON.stringify(list).includes(made.secret));
  const [kept] = await database.query<{ found: boolean }>(
    `select exists (select from api_token t where t::text like '%' || $1 || '%') as found`,
    [made.secret.slice(-20)],
  );
  assert.equal(kept!.found, false);

  await database.query(`update api_token set expires_at = now() - interval '1 second' where token_id = $1`, [
    shown.tokenId,
  ]);
  assert.equal((await callByToken(url, made.secret, nowEndpoints.read)).code, 'token-invalid');
  const second = await makeToken('operator');
  const params = { tokenId: second.token.tokenId };
  await callByToken(url, token, apiTokenEndpoints.revoke, { params });
  assert.equal((await callByToken(url, second.secret, nowEndpoints.read)).code, 'token-invalid');
  assert.equal((await callByToken(url, token, apiTokenEndpoints.revoke, { params })).status, 404);
  const log = await callByToken(url, token, auditEndpoints.list, { query: { action: 'api-token-revoked' } });
  assert.deepEqual(
    auditList
      .parse(log.json)
      .entries.slice(0, 1)
      .map(({ actor, subject }) => [actor, subject]),
    [['token:only admin', 'token:only operator']],
  );
});

test('what is no token is refused, and a token neither signs in nor out, nor releases a recovery key', async () => {
  for (const wrong of ['Basic YTpi', 'Bearer', 'Bearer bm-api-wrong', `Bearer ${'x'.repeat(300)}`]) {
    const answer = await fetch(`${url}/api/now`, { headers: { authorization: wrong } });
    assert.equal(answer.status, 401, wrong);
  }
  const decision = { code: 'K7Q2-9MPD', reason: 'ticket 4711', oneTimeCode: '123456' };
  const release = { params: { requestId: 'x' }, body: decision };
  const { signIn, signOut } = sessionEndpoints;
  for (const [endpoint, body] of [
    [signIn, { body: { name: 'anna', password } }],
    [signOut, {}],
    [recoveryKeyEndpoints.release, release],
  ] as const) {
    assert.equal((await callByToken(url, token, endpoint, body)).code, 'not-for-tokens');
  }
});

test('the examples of docs/api.md run as they stand', { skip: noCurl }, async () => {
  const shown = readFileSync(path.join(top, 'docs/api.md'), 'utf8');
  const commands = [...shown.matchAll(/^\$ (curl .+)$/gm)].map(([, command]) => command!);
  assert.ok(commands.length >= 4);
  for (const command of commands) {
    const { code, out } = await runShown(command, { BOOTMEND_TOKEN: token, BOOTMEND_URL: url });
    // the stream of changes has no end: curl says that its time was over
    const isStream = command.includes('/api/events');
    assert.equal(code, isStream ? 28 : 0, `${command}\n${out}`);
    assert.match(out, isStream ? /^retry: \d+/ : /^\{"/, command);
  }
});

/** Runs a command as a reader would paste it. */
async function runShown(command: string, env: Record<string, string>) {
  const child = spawn('bash', ['-c', command], { env: { ...process.env, ...env } });
  const closed = once(child, 'close') as Promise<[number]>;
  let out = '';
  for await (const chunk of child.stdout) out += String(chunk);
  return { code: (await closed)[0], out };
}
