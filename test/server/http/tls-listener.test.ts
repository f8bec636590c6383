import assert from 'node:assert/strict';
import { createHash, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { connect, type TLSSocket } from 'node:tls';
import { openListener } from '../../../server/http/listener.ts';
import { ensureTlsIdentity } from '../../../server/http/tls-identity.ts';

const home = mkdtempSync(path.join(os.tmpdir(), 'bootmend-tls-'));
after(() => rmSync(home, { recursive: true, force: true }));
const identity = ensureTlsIdentity(path.join(home, 'keys'));
const limits = { address: '127.0.0.1', port: 0, maxConnections: 10, requestTimeoutMs: 5000 };

test('the identity is made once, readable by its owner only, and stays', () => {
  const dir = path.join(home, 'keys');
  assert.deepEqual(ensureTlsIdentity(dir), identity);
  assert.deepEqual(readdirSync(dir).sort(), ['tls-certificate.pem', 'tls-key.pem']);
  for (const name of readdirSync(dir)) assert.equal(statSync(path.join(dir, name)).mode & 0o777, 0o600);
});

test('the certificate is P-256, signed by itself, good until 2049', () => {
  const certificate = new X509Certificate(identity.certificate);
  assert.equal(certificate.publicKey.asymmetricKeyDetails?.namedCurve, 'prime256v1');
  assert.equal(certificate.verify(certificate.publicKey), true);
  assert.equal(certificate.validToDate.toISOString(), '2049-12-31T23:59:59.000Z');
  assert.equal(certificate.checkHost('localhost'), 'localhost');
  assert.equal(certificate.ca, false);
});

test('a lost certificate is made anew for the same key, a foreign one is named', () => {
  const dir = path.join(home, 'keys');
  rmSync(path.join(dir, 'tls-certificate.pem'));
  assert.equal(ensureTlsIdentity(dir).pin, identity.pin);
  const other = ensureTlsIdentity(path.join(home, 'other'));
  assert.notEqual(other.pin, identity.pin);
  writeFileSync(path.join(dir, 'tls-certificate.pem'), other.certificate);
  assert.throws(() => ensureTlsIdentity(dir), /does not belong to tls-key/);
});

test('devices see the key they pinned, over TLS 1.2 and 1.3 and nothing older', async () => {
  const listener = await openListener({
    ...limits,
    tls: identity,
    app: (_request, response) => response.end('yes'),
  });
  for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
    const asking = request(`${listener.url}/`, {
      rejectUnauthorized: false,
      minVersion: version,
      maxVersion: version,
      agent: false,
    });
    asking.end();
    const [response] = (await once(asking, 'response')) as [{ socket: TLSSocket; resume(): void }];
    const key = response.socket.getPeerX509Certificate()?.publicKey.export({ format: 'der', type: 'spki' });
    assert.equal(createHash('sha256').update(key!).digest('hex'), identity.pin);
    response.resume();
  }
  const old = connect({
    port: listener.port,
    host: '127.0.0.1',
    rejectUnauthorized: false,
    minVersion: 'TLSv1',
    maxVersion: 'TLSv1.1',
    ciphers: 'DEFAULT@SECLEVEL=0',
  });
  await assert.rejects(once(old, 'secureConnect'));
  await listener.stop(0);
});

test('a port that is taken is named', async () => {
  const app = () => {};
  const listener = await openListener({ ...limits, app });
  await assert.rejects(openListener({ ...limits, app, port: listener.port }), /is in use; stop what uses it/);
  await listener.stop(0);
});

test('stopping lets a running request end, takes no new one, and cuts off what takes too long', async () => {
  let answer: () => void = () => {};
  let asked: () => void = () => {};
  const arrived = new Promise<void>(resolve => {
    asked = resolve;
  });
  const listener = await openListener({
    ...limits,
    app: (_request, response) => {
      asked();
      answer = () => response.end('late');
    },
  });
  const running = fetch(listener.url).then(response => response.text());
  await arrived;
  const stopping = listener.stop(60_000);
  const refused = net.connect(listener.port, '127.0.0.1');
  await assert.rejects(once(refused, 'connect'), { code: 'ECONNREFUSED' });
  answer();
  assert.equal(await running, 'late');
  await stopping;

  const deaf = await openListener({ ...limits, app: () => asked() });
  const cut = assert.rejects(fetch(deaf.url));
  const reached = new Promise<void>(resolve => {
    asked = resolve;
  });
  await reached;
  await deaf.stop(1);
  await cut;
});
