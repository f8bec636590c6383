import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, test } from 'node:test';
import { runRecovery } from '../../../../agent/core/run-recovery.ts';
import { MemoryDisk } from '../../../../agent/host/memory-disk.ts';
import { machine as crowdStrike } from '../../../../server/catalog/crowdstrike-2024-07-19/machine.ts';
import { codeOfStep } from '../../../../server/features/access/one-time-code.ts';
import type { Log } from '../../../../server/logging/log.ts';
import { hexOf } from '../../../../shared/bytes/hex.ts';
import { publicKeyOf, signerOf } from '../../../../shared/trust/ed25519.ts';
import { openBox } from '../../../../shared/trust/sealed-box.ts';
import { scriptAgreement } from '../../../../shared/trust/x25519.ts';
import { boxContextOf, type KeyRequest } from '../../../../shared/wire/key-request.ts';
import { buildBroken } from '../../../agent/support/world.ts';
import { Browser } from '../../../support/console-listener.ts';
import {
  identity,
  keyId,
  lockedMachineOf,
  recoveryPassword,
  textOfDisk,
} from '../../../support/locked-machine.ts';
import { bytesOfBase32 } from '../../../support/one-time-secret.ts';
import { startTestServer, testConfig } from '../../../support/running-server.ts';
import { approveCatalog, send } from '../../../support/wire-device.ts';
import { signedHeaders } from '../../../support/device-client.ts';

const logged: string[] = [];
const keep = (...parts: unknown[]) =>
  void logged.push(
    JSON.stringify(parts, (_, value: unknown) => (value instanceof Error ? value.stack : value)),
  );
const log: Log = { error: keep, warn: keep, info: keep, debug: keep, area: () => log };

let now = Date.now();
const config = testConfig();
const server = await startTestServer(config, { log, clock: () => new Date(now) });
const { database, features } = server;
await approveCatalog(server);
const admin = new Browser(server.consoleUrl);
const password = 'a long enough password';
await admin.send('POST', '/api/session/link', {
  secret: server.welcomeLink!.split('#')[1],
  name: 'anna',
  password,
});

const secret = bytesOfBase32(await features.secondFactor.renew('default', 'anna', 'test'));
/** The next code of the authenticator: each is good once. */
const nextOneTimeCode = () => codeOfStep(secret, Math.floor((now += 30_000) / 30_000));

const broken = await buildBroken(crowdStrike);
const { machine, deviceId } = await lockedMachineOf(server, new MemoryDisk(broken.disk));
const imported = await admin.send('POST', '/api/recovery-keys', {
  keys: [{ keyId: `{${keyId.toLowerCase()}}`, recoveryPassword, device: 'LOCKED-1', volume: 'c:' }],
});
assert.deepEqual(imported.json, { kept: 1, problems: [] });

interface Row {
  readonly requestId: string;
  readonly state: string;
  readonly sameMachine: string;
}
const requests = async () =>
  (await admin.send('GET', '/api/recovery-keys/requests')).json as unknown as { requests: Row[] };
const newest = async () => (await requests()).requests[0]!;
const release = async (code: string, over: object = {}) =>
  await admin.send('POST', `/api/recovery-keys/requests/${(await newest()).requestId}/release`, {
    code,
    reason: 'ticket 4711, called back on the known number',
    oneTimeCode: nextOneTimeCode(),
    ...over,
  });
const actions = async () =>
  (
    await database.query<{ action: string; actor: string }>(
      'select action, actor from audit_entry order by number',
    )
  )
    .filter(({ action }) => action.startsWith('recovery-key'))
    .map(({ action, actor }) => `${action} ${actor.replace(/:[0-9a-f-]{36}$/, '')}`);

/** A machine that speaks the wire itself, as a thief would. */
class Stranger {
  readonly signKey = randomBytes(32);
  readonly boxSecret = randomBytes(32);
  readonly message: KeyRequest = {
    version: 1,
    requestKey: hexOf(publicKeyOf(this.signKey)),
    boxKey: hexOf(scriptAgreement.boxKeyOf(this.boxSecret)),
    device: identity,
    keyIds: [keyId],
  };

  async ask(over: object = {}, signKey: Uint8Array = this.signKey, asWhom = 'default/locked/1') {
    const body = Buffer.from(JSON.stringify({ ...this.message, ...over }));
    const key = { keyId: 'x', publicKey: '', secretKey: signKey, sign: signerOf(signKey) };
    const headers = signedHeaders(key, {
      keyId: asWhom,
      method: 'POST',
      path: '/v1/key-request',
      body,
    });
    return await send(`${server.deviceUrl}/v1/key-request`, headers, body);
  }
}

/** Every form in which the password could stand somewhere by mistake. */
const forms = [recoveryPassword, recoveryPassword.replaceAll('-', '')].flatMap(text => {
  const bytes = Buffer.from(text);
  const shifted = [0, 1, 2].map(cut => bytes.subarray(cut).toString('base64').slice(0, 48));
  return [text, text.slice(0, 20), bytes.toString('hex'), ...shifted];
});
function expectNowhere(where: string, text: string) {
  for (const form of forms)
    assert.ok(!text.includes(form), `${where} holds the recovery password as ${form}`);
}
function expectNowhereBelow(folder: string) {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const bytes = readFileSync(path.join(entry.parentPath, entry.name));
    expectNowhere(entry.name, bytes.toString('latin1'));
    expectNowhere(entry.name, bytes.toString('utf16le'));
  }
}

beforeEach(() => {
  machine.lock.locked = true;
  machine.exchanges.length = 0;
  machine.afterAnswer = () => undefined;
});

test('a person releases the key, the machine opens its disk and heals itself; the key is written nowhere', async () => {
  let codeOnScreen = '';
  machine.afterAnswer = async ({ path: asked, answer }) => {
    const { state, code } = JSON.parse(answer) as { state?: string; code?: string };
    if (asked !== '/v1/key-request' || state !== 'waiting' || codeOnScreen !== '') return;
    codeOnScreen = code!;
    assert.deepEqual(
      [
        (await newest()).state,
        (await newest()).sameMachine,
        JSON.stringify(await requests()).includes(codeOnScreen),
      ],
      ['waiting', 'yes', false],
    );
    assert.equal((await release(codeOnScreen)).status, 204);
  };
  const host = machine.start();
  assert.deepEqual(await runRecovery(host), { kind: 'reboot' });
  assert.equal(machine.lock.locked, false, 'the restart locks it');
  assert.ok(
    host.screens.some(({ card }) => card.unlockCode === codeOnScreen && card.bitLockerKeyIds?.[0] === keyId),
  );
  assert.ok(machine.exchanges.some(({ path: asked }) => asked === '/v1/outcome'));
  assert.deepEqual((await actions()).slice(-3), [
    'recovery-keys-kept account:anna',
    'recovery-key-released account:anna',
    'recovery-key-used locked-machine',
  ]);
  const { keys } = (await admin.send('GET', '/api/recovery-keys')).json as unknown as {
    keys: { state: string }[];
  };
  assert.equal(keys[0]!.state, 'rotate-it');

  const told = host.calls.filter(({ subject }) => subject.includes(recoveryPassword));
  assert.deepEqual(
    told.map(({ name }) => name),
    ['tools.run'],
    'manage-bde alone is told',
  );
  expectNowhere('the log of the machine', JSON.stringify(host.entries));
  expectNowhere('the screen', JSON.stringify(host.screens));
  expectNowhere('the wire', JSON.stringify(machine.exchanges));
  expectNowhere('the log of the server', logged.join('\n'));
  for (const disk of [machine.disk, machine.stick]) expectNowhere('a disk of the machine', textOfDisk(disk));
  for (const { name } of await database.query<{ name: string }>(
    `select table_name as name from information_schema.tables where table_schema = 'public'`,
  )) {
    const rows = await database.query(`select to_jsonb(one)::text as row from "${name}" one`);
    expectNowhere(`table ${name}`, JSON.stringify(rows));
  }
  for (const page of [
    '/api/recovery-keys',
    '/api/recovery-keys/requests',
    '/api/audit',
    `/api/devices/${deviceId}`,
  ])
    expectNowhere(page, JSON.stringify((await admin.send('GET', page)).json));
  await database.query('checkpoint');
  expectNowhereBelow(config.dataDir);
});

test('what was recorded opens nothing: not for another, not again, not under another name', async () => {
  const mine = new Stranger();
  const { json } = await mine.ask();
  assert.equal(json['state'], 'waiting');
  assert.equal((await release(String(json['code']))).status, 204);
  const answer = (await mine.ask()).json as {
    keyId: string;
    box: { encapsulatedKey: string; ciphertext: string };
  };
  const box = {
    encapsulatedKey: Buffer.from(answer.box.encapsulatedKey, 'hex'),
    ciphertext: Buffer.from(answer.box.ciphertext, 'hex'),
  };
  const context = boxContextOf('default', mine.message.requestKey, keyId);
  assert.equal(
    Buffer.from(openBox(box, mine.boxSecret, context, scriptAgreement)!).toString(),
    recoveryPassword,
  );
  const other = new Stranger();
  assert.equal(openBox(box, other.boxSecret, context, scriptAgreement), undefined);
  assert.equal(
    openBox(box, mine.boxSecret, boxContextOf('default', other.message.requestKey, keyId), scriptAgreement),
    undefined,
  );

  // Whoever recorded the request has not its key, and cannot ask as its sender for another box key either.
  assert.equal((await mine.ask({ boxKey: other.message.boxKey }, other.signKey)).code, 'signature-invalid');
  assert.equal((await mine.ask({}, mine.signKey, 'default/new/1')).code, 'signature-invalid');
  assert.equal((await mine.ask({ ended: 'opened' })).json['state'], 'ended');
  assert.deepEqual((await mine.ask()).json, { version: 1, state: 'ended' });
  const [row] = await database.query<{ box: unknown }>(
    'select box from key_request order by asked_at desc limit 1',
  );
  assert.equal(row!.box, null, 'what was fetched is kept no longer');
});

test('a password that nobody fetched is forgotten after a quarter of an hour', async () => {
  const mine = new Stranger();
  await release(String((await mine.ask()).json['code']));
  assert.equal((await mine.ask()).json['state'], 'released');
  await features.keyRelease.forgetOld(new Date(now + 16 * 60_000));
  assert.equal((await mine.ask()).json['state'], 'ended');
});

test('guessing a code ends the request, and a used or wrong second factor releases nothing', async () => {
  const mine = new Stranger();
  const code = String((await mine.ask()).json['code']);
  const good = nextOneTimeCode();
  assert.equal((await release('0000-0000', { oneTimeCode: good })).code, 'wrong-unlock-code');
  assert.equal((await release(code, { oneTimeCode: good })).code, 'wrong-one-time-code', 'each is good once');
  assert.equal((await release(code, { oneTimeCode: '000000' })).code, 'wrong-one-time-code');
  assert.equal((await release(code, { reason: '' })).code, 'malformed-message');
  await mine.ask();
  assert.equal((await release('0000-0001')).code, 'wrong-unlock-code');
  assert.equal((await release('0000-0002')).code, 'wrong-unlock-code');
  assert.equal((await release(code)).code, 'key-request-over');
  assert.equal((await mine.ask()).json['state'], 'refused');
});

test('only operators with a second factor decide; nobody without the role sees who asks', async () => {
  const mine = new Stranger();
  const code = String((await mine.ask()).json['code']);
  const { requestId } = await newest();
  const signIn = async (role: 'viewer' | 'approver' | 'operator', name: string) => {
    const browser = new Browser(server.consoleUrl);
    const link = await features.access.makeLink(role);
    await browser.send('POST', '/api/session/link', { secret: link, name, password });
    return browser;
  };
  const decision = { code, reason: 'ticket 4712', oneTimeCode: '123456' };
  const place = `/api/recovery-keys/requests/${requestId}/release`;
  for (const role of ['viewer', 'approver'] as const) {
    const browser = await signIn(role, role);
    for (const page of ['/api/recovery-keys', '/api/recovery-keys/requests'])
      assert.equal((await browser.send('GET', page)).code, 'role-required');
    assert.equal((await browser.send('POST', place, decision)).code, 'role-required');
  }
  const oscar = await signIn('operator', 'oscar');
  assert.equal((await oscar.send('POST', '/api/recovery-keys', { keys: [] })).code, 'role-required');
  assert.equal((await oscar.send('POST', place, decision)).code, 'second-factor-missing');
  for (const nothing of ['x', '01900000-0000-7000-8000-00000000dead'])
    assert.equal(
      (await oscar.send('POST', `/api/recovery-keys/requests/${nothing}/release`, decision)).code,
      'not-found',
    );
  const refusal = await oscar.send('POST', place.replace('release', 'refuse'), { reason: 'nobody called' });
  assert.equal(refusal.status, 204);
  assert.equal((await mine.ask()).json['state'], 'refused');
});

test('a machine that left, another machine and one that was retired get nothing', async () => {
  const gone = new Stranger();
  const code = String((await gone.ask()).json['code']);
  now += 3 * 60_000;
  assert.equal((await newest()).state, 'left');
  assert.equal((await release(code)).code, 'key-request-over');

  const other = new Stranger();
  const told = await other.ask({ device: { ...identity, serial: 'OTHER' } });
  assert.equal((await release(String(told.json['code']))).code, 'another-machine');

  const unknown = await new Stranger().ask({ keyIds: ['00000000-0000-0000-0000-000000000000'] });
  assert.equal(unknown.json['reason'], 'recovery-key-unknown');

  await database.query(`update device set state = 'retired' where device_id = $1`, [deviceId]);
  const retired = new Stranger();
  const asked = await retired.ask();
  assert.equal((await release(String(asked.json['code']))).code, 'device-not-active');
  await database.query(`update device set state = 'active' where device_id = $1`, [deviceId]);
});

test('so many requests of one key wait, and no more', async () => {
  now += 3 * 60_000;
  const codes = new Set<unknown>();
  for (let asked = 0; asked < 8; asked++) codes.add((await new Stranger().ask()).json['code']);
  assert.equal(codes.size, 8, 'each has a code of its own');
  const { status, code } = await new Stranger().ask();
  assert.deepEqual([status, code], [429, 'too-many-requests']);
  now += 3 * 60_000;
});

test('a row that was moved to another machine does not open', async () => {
  const copy = '7A1D4C7F-0A1B-4C2D-8E3F-0123456789AB';
  await database.query(
    `insert into recovery_key (organization_id, key_id, device_id, volume, sealed, imported_at, imported_by)
     select organization_id, $1, device_id, volume, sealed, imported_at, imported_by from recovery_key where key_id = $2`,
    [copy, keyId],
  );
  const mine = new Stranger();
  const asked = await mine.ask({ keyIds: [copy] });
  assert.equal((await release(String(asked.json['code']))).code, 'internal-error');
  assert.equal((await mine.ask({ keyIds: [copy] })).json['state'], 'waiting');
  await database.query('delete from key_request where key_id = $1', [copy]);
  await database.query('delete from recovery_key where key_id = $1', [copy]);
});

test('what cannot be kept is said by its place, without repeating a password', async () => {
  const wrong = '449053-184151-534754-258467-573254-497750-679415-606651';
  const keys = [
    { keyId: 'none', recoveryPassword, device: 'LOCKED-1' },
    { keyId, recoveryPassword: wrong, device: 'LOCKED-1' },
    { keyId, recoveryPassword, device: 'NOBODY' },
    { keyId, recoveryPassword, device: 'LOCKED-1', volume: 'C' },
    { keyId, recoveryPassword, device: 'LOCKED-1', volume: 'D:' },
  ];
  const { json } = await admin.send('POST', '/api/recovery-keys', { keys });
  const { kept, problems } = json as unknown as { kept: number; problems: { code: string }[] };
  assert.equal(kept, 0);
  assert.deepEqual(
    problems.map(({ code }) => code),
    ['key-id-invalid', 'password-invalid', 'device-unknown', 'volume-invalid', 'key-of-another'],
  );
  assert.ok(!JSON.stringify(json).includes(wrong) && !JSON.stringify(json).includes(recoveryPassword));
});

test('a new key of the volume replaces the one that was released', async () => {
  const next = '8A1D4C7F-0A1B-4C2D-8E3F-0123456789AB';
  await admin.send('POST', '/api/recovery-keys', {
    keys: [{ keyId: next, recoveryPassword: recoveryPassword.replace('449053', '000011'), device: deviceId }],
  });
  const { keys } = (await admin.send('GET', `/api/recovery-keys?deviceId=${deviceId}`)).json as unknown as {
    keys: { keyId: string; state: string }[];
  };
  assert.deepEqual(
    keys.map(one => [one.keyId, one.state]),
    [
      [keyId, 'replaced'],
      [next, 'kept'],
    ],
  );
});
