import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseRefusal } from '../../../shared/wire/refusal.ts';
import { signedHeaders } from '../../support/device-client.ts';
import { deviceKey, knownKeyId, openDeviceListener, strangerKey } from '../../support/device-listener.ts';

const { url } = await openDeviceListener();

interface Sent {
  readonly path?: string;
  readonly body?: string;
  readonly headers?: Record<string, string>;
}

async function post({ path = '/v1/echo', body = '{"a":1}', headers = {} }: Sent) {
  const response = await fetch(url + path, { method: 'POST', body, headers });
  const json: unknown = await response.json();
  const refusal = parseRefusal(json);
  return { status: response.status, json, code: refusal.ok ? refusal.value.error.code : undefined };
}

const signed = (
  body: string,
  change: { keyId?: string; path?: string; method?: string; key?: typeof deviceKey } = {},
) =>
  signedHeaders(change.key ?? deviceKey, {
    keyId: change.keyId ?? knownKeyId,
    method: change.method ?? 'POST',
    path: change.path ?? '/v1/echo',
    body: Buffer.from(body),
  });

test('a request that a known device signed is let through', async () => {
  const body = '{"a":1}';
  const { status, json } = await post({ body, headers: signed(body) });
  assert.equal(status, 200);
  assert.deepEqual(json, { device: 'device-1', body: { a: 1 } });
});

const body = '{"a":1}';
const refused: Record<string, [Sent, number, string]> = {
  'not signed': [{ body }, 401, 'signature-missing'],
  'signed by another key': [{ body, headers: signed(body, { key: strangerKey }) }, 401, 'signature-invalid'],
  'signed for another path': [
    { body, headers: signed(body, { path: '/v1/other' }) },
    401,
    'signature-invalid',
  ],
  'signed for another method': [{ body, headers: signed(body, { method: 'PUT' }) }, 401, 'signature-invalid'],
  'of an unknown device': [
    { body, headers: signed(body, { keyId: 'default/device-2/1' }) },
    401,
    'unknown-device-key',
  ],
  'of another organization': [
    { body, headers: signed(body, { keyId: 'other/device-1/1' }) },
    401,
    'unknown-device-key',
  ],
  'of an older key': [
    { body, headers: signed(body, { keyId: 'default/device-1/2' }) },
    401,
    'unknown-device-key',
  ],
  'with another body': [{ body: '{"a":2}', headers: signed(body) }, 400, 'digest-mismatch'],
  'with another digest': [
    { body: '{"a":2}', headers: { ...signed(body), 'content-digest': signed('{"a":2}')['content-digest']! } },
    401,
    'signature-invalid',
  ],
  'with a malformed signature': [
    { body, headers: { ...signed(body), signature: 'sig1=:AAAA:' } },
    401,
    'signature-invalid',
  ],
  'with half of its headers': [
    { body, headers: { signature: signed(body).signature! } },
    401,
    'signature-invalid',
  ],
  'that is no JSON': [{ body: 'hello', headers: signed('hello') }, 400, 'malformed-json'],
  'that is empty': [{ body: '', headers: signed('') }, 400, 'malformed-json'],
  'that is too large': [
    { body: `"${'x'.repeat(1000)}"`, headers: signed(`"${'x'.repeat(1000)}"`) },
    413,
    'body-too-large',
  ],
  'to a place that is not there': [{ path: '/v1/nothing', body }, 404, 'not-found'],
};

for (const [name, [sent, status, code]] of Object.entries(refused))
  test(`a request ${name} is refused`, async () => {
    const answer = await post(sent);
    assert.deepEqual([answer.status, answer.code], [status, code]);
  });

test('a body that is too large is refused also when it does not say its size', async () => {
  const text = `"${'x'.repeat(5000)}"`;
  const response = await fetch(`${url}/v1/echo`, {
    method: 'POST',
    body: new Blob([text]).stream(),
    duplex: 'half',
    headers: signed(text),
  });
  assert.equal(response.status, 413);
});

test('the signature is checked before the body is read', async () => {
  // Promises a body and never sends it: an answer comes all the same.
  const { request } = await import('node:http');
  const status = await new Promise<number>((resolve, reject) => {
    const sending = request(`${url}/v1/echo`, {
      method: 'POST',
      headers: { ...signed(body, { key: strangerKey }), 'content-length': '7' },
    });
    sending.on('response', response => {
      resolve(response.statusCode ?? 0);
      sending.destroy();
    });
    sending.on('error', reject);
    sending.flushHeaders();
  });
  assert.equal(status, 401);
});

test('enrolment is signed with the key that the message carries', async () => {
  const message = JSON.stringify({ publicKey: deviceKey.publicKey });
  const sign = (key: typeof deviceKey) => signed(message, { keyId: 'default/new/1', path: '/v1/enrol', key });
  const good = await post({ path: '/v1/enrol', body: message, headers: sign(deviceKey) });
  assert.deepEqual([good.status, good.json], [200, { key: 'new' }]);
  const bad = await post({ path: '/v1/enrol', body: message, headers: sign(strangerKey) });
  assert.deepEqual([bad.status, bad.code], [401, 'signature-invalid']);
  const none = await post({
    path: '/v1/enrol',
    body: '{}',
    headers: signed('{}', { keyId: 'default/new/1', path: '/v1/enrol' }),
  });
  assert.deepEqual([none.status, none.code], [400, 'malformed-message']);
});

test('every answer names its request, and tells nothing about the server', async () => {
  const response = await fetch(`${url}/v1/nothing`);
  assert.match(response.headers.get('x-request-id') ?? '', /^[0-9a-f-]{36}$/);
  assert.equal(response.headers.get('x-powered-by'), null);
  await response.body?.cancel();
});
