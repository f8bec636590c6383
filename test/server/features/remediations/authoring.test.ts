import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync, sign as signBytes } from 'node:crypto';
import { test } from 'node:test';
import {
  labMachines,
  remediationDetail,
  remediationList,
  savedVersion,
  simulationView,
} from '../../../../shared/api/remediation.ts';
import { base64Of } from '../../../../shared/bytes/base64.ts';
import { utf8Of } from '../../../../shared/bytes/utf8.ts';
import { payloadTypes } from '../../../../shared/trust/documents.ts';
import { addSignature, type Envelope, preAuthenticationEncoding } from '../../../../shared/trust/envelope.ts';
import { canonicalJson } from '../../../../shared/trust/canonical-json.ts';
import { createLabGround } from '../../../../server/cli/lab-ground.ts';
import { Browser } from '../../../support/console-listener.ts';
import { startTestServer } from '../../../support/running-server.ts';
import { offerOf, channelFacts, WireDevice } from '../../../support/wire-device.ts';
import { anna, approver, sealBy } from '../../../support/approvers.ts';

const server = await startTestServer(undefined, { labOf: createLabGround });
const admin = new Browser(server.consoleUrl);
const secret = server.welcomeLink!.split('#')[1]!;
await admin.send('POST', '/api/session/link', { secret, name: 'anna', password: 'a long enough password' });

const script = (file: string, risk = 'low') =>
  `remediation "Delete ${file}"\n  risk ${risk}\n\nrequire crash module is csagent.sys\n\ndelete %SystemRoot%\\System32\\drivers\\CrowdStrike\\${file}\n`;
const id = 'contoso-2026-01-31';
const save = (text: string, name = id) => admin.send('POST', `/api/remediations/${name}/versions`, { text });
const detail = async () => remediationDetail.parse((await admin.send('GET', `/api/remediations/${id}`)).json);

test('versions are immutable and numbered; a text with mistakes is refused with its line', async () => {
  assert.deepEqual(savedVersion.parse((await save(script('a.sys'))).json).version, 1);
  assert.deepEqual(savedVersion.parse((await save(script('b.sys'))).json).version, 2);
  const again = savedVersion.parse((await save(script('a.sys'))).json);
  assert.deepEqual([again.version, again.isNew], [1, false]);
  const wrong = await save('delete C:\\Windows\\bad.sys\n');
  assert.deepEqual([wrong.status, wrong.code], [422, 'script-has-mistakes']);
  assert.deepEqual(
    [(await save(script('a.sys'), 'other')).code, (await save('x', 'No Name')).status],
    ['name-taken', 400],
  );
  const { versions } = await detail();
  assert.deepEqual(
    versions.map(({ version, state, author }) => [version, state, author]),
    [
      [2, 'draft', 'anna'],
      [1, 'draft', 'anna'],
    ],
  );
});

test('of people who save at the same instant each gets a version of their own or is told, and nothing is lost', async () => {
  const name = 'contoso-at-once';
  const answers = await Promise.all(Array.from({ length: 8 }, (_, i) => save(script(`once-${i}.sys`), name)));
  const kept = answers.filter(one => one.status === 201).map(one => savedVersion.parse(one.json).version);
  const told = answers.filter(one => one.status !== 201);
  assert.deepEqual(
    kept.toSorted((a, b) => a - b),
    kept.map((_, i) => i + 1),
  );
  for (const one of told) assert.deepEqual([one.status, one.code], [409, 'saved-meanwhile']);
});

test('a viewer reads and changes nothing; an author does not approve', async () => {
  const join = async (role: 'viewer' | 'author') => {
    const browser = new Browser(server.consoleUrl);
    const link = await server.features.access.makeLink(role);
    await browser.send('POST', '/api/session/link', {
      secret: link,
      name: role,
      password: 'another long password',
    });
    return browser;
  };
  const viewer = await join('viewer');
  assert.equal((await viewer.send('GET', '/api/remediations')).status, 200);
  assert.equal(
    (await viewer.send('POST', `/api/remediations/${id}/versions`, { text: 'x' })).code,
    'role-required',
  );
  const author = await join('author');
  const refused = await author.send('POST', '/api/approvals', { envelope: {} });
  assert.equal(refused.json?.error?.role, 'approver');
  assert.equal((await new Browser(server.consoleUrl).send('GET', '/api/remediations')).status, 401);
});

test('a lab machine and a recorded incident answer what the script would do', async () => {
  const { machines } = labMachines.parse((await admin.send('GET', '/api/lab-machines')).json);
  assert.ok(machines.some(one => one.id === 'crowdstrike-2024-07-19'));
  const { versions } = remediationDetail.parse(
    (await admin.send('GET', '/api/remediations/crowdstrike-2024-07-19')).json,
  );
  const text = versions[0]!.text;
  const tryOn = async (on: object) =>
    simulationView.parse((await admin.send('POST', '/api/simulations', { text, on })).json);
  const lab = await tryOn({ kind: 'lab', machineId: 'crowdstrike-2024-07-19' });
  assert.deepEqual([lab.outcome, lab.differences.length], ['would-run', 1]);
  const device = await WireDevice.enrol(server);
  const log = Buffer.from('log');
  await device.checkIn({
    facts: channelFacts,
    evidence: [offerOf('aaaabbbbccccddddeeeeffff00004444', 'boot-log', log)],
  });
  const { incidents } = await server.features.incidents.list('default', { search: device.deviceId });
  const recorded = await tryOn({ kind: 'incident', incidentId: incidents[0]!.incidentId });
  assert.notEqual(recorded.outcome, 'refused');
  const nowhere = await admin.send('POST', '/api/simulations', {
    text,
    on: { kind: 'lab', machineId: '../x' },
  });
  assert.equal(nowhere.status, 404);
});

test('a browser key signs low risk into force; high risk waits for a key file', async () => {
  const pair = generateKeyPairSync('ed25519');
  const publicKey = Buffer.from(pair.publicKey.export({ format: 'jwk' }).x!, 'base64url').toString('hex');
  const browserKey = { keyId: 'browser-1', publicKey, kind: 'browser' as const, owner: 'anna' };
  await server.features.trust.publish(
    'default',
    sealBy(
      'trust',
      {
        type: 'trust',
        organization: 'default',
        version: 1,
        threshold: 1,
        approvers: [approver(anna), browserKey],
        onlineKey: server.onlineKey,
        serverPins: server.pins,
        issuedAt: '2026-01-01T00:00:00.000Z',
      },
      anna,
    ),
    'test',
  );
  const approve = async (text: string, risk: string) => {
    const saved = savedVersion.parse((await save(text)).json);
    const { nextSequence } = await detail();
    const payload = utf8Of(
      canonicalJson({
        type: 'approval',
        organization: 'default',
        remediationId: id,
        version: saved.version,
        scriptSha256: createHash('sha256').update(text).digest('hex'),
        risk,
        sequence: nextSequence,
        approvedAt: new Date().toISOString(),
        expiresAt: new Date(Date.now() + 86_400_000).toISOString(),
        devices: { kind: 'every-device', where: [] },
      }),
    );
    const unsigned: Envelope = {
      payloadType: payloadTypes.approval,
      payload: base64Of(payload),
      signatures: [],
    };
    const signature = signBytes(
      null,
      preAuthenticationEncoding(payloadTypes.approval, payload),
      pair.privateKey,
    );
    const answer = await admin.send('POST', '/api/approvals', {
      envelope: addSignature(unsigned, browserKey.keyId, signature),
    });
    assert.equal(answer.status, 201);
    return (await detail()).versions[0]!;
  };
  const low = await approve(script('c.sys'), 'low');
  assert.deepEqual([low.state, low.approval?.signers.map(one => one.kind)], ['in-force', ['browser']]);
  const high = await approve(script('d.sys', 'high'), 'high');
  assert.equal(high.state, 'waiting');
  const { remediations } = remediationList.parse((await admin.send('GET', '/api/remediations')).json);
  const row = remediations.find(one => one.remediationId === id)!;
  assert.deepEqual([row.versionInForce, row.newestVersion, row.state], [3, 4, 'waiting']);
});
