import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { deflateRawSync } from 'node:zlib';
import { test } from 'node:test';
import { evidenceBlobId } from '../../../server/http/evidence-upload.ts';
import { maxPartBytes } from '../../../shared/wire/evidence.ts';
import { parseRefusal } from '../../../shared/wire/refusal.ts';
import { multipart, signedHeaders } from '../../support/device-client.ts';
import { deviceKey, knownKeyId, openDeviceListener, strangerKey } from '../../support/device-listener.ts';

const evidenceId = 'aaaabbbbccccddddeeeeffff00001111';
const bytes = Buffer.alloc(200_000, 'minidump');

const describe = (content: Buffer, change: Record<string, unknown> = {}) => ({
  version: 1,
  episode: '0f1e2d3c4b5a69788796a5b4c3d2e1f0',
  evidenceId,
  offsetBytes: 0,
  sizeBytes: content.length,
  sha256: createHash('sha256').update(content).digest('hex'),
  atMs: 5,
  ...change,
});

const partField = (value: unknown) => ({ name: 'part', bytes: Buffer.from(JSON.stringify(value)) });
const bytesField = (content: Buffer) => ({ name: 'bytes', bytes: content, fileName: 'part.bin' });

interface Upload {
  readonly contentType: string;
  readonly body: Buffer;
}

const good = multipart([partField(describe(bytes)), bytesField(bytes)]);

const packed = deflateRawSync(bytes);
const deflated = (content: Buffer, change: Record<string, unknown> = {}, sent = deflateRawSync(content)) =>
  multipart([partField(describe(content, { encoding: 'deflate', ...change })), bytesField(sent)]);

const headersOf = ({ contentType, body }: Upload, key = deviceKey, signedBody = body) => ({
  'content-type': contentType,
  ...signedHeaders(key, { keyId: knownKeyId, method: 'POST', path: '/v1/evidence', body: signedBody }),
});

async function send(url: string, upload: Upload, headers: Record<string, string> = headersOf(upload)) {
  const response = await fetch(`${url}/v1/evidence`, {
    method: 'POST',
    body: new Uint8Array(upload.body),
    headers,
  });
  const json: unknown = await response.json();
  const refusal = parseRefusal(json);
  const code = refusal.ok ? refusal.value.error.code : undefined;
  return { status: response.status, code, json, retryAfter: response.headers.get('retry-after') };
}

test('a good part is kept and reads back', async () => {
  const { url, blobs, storedFiles } = await openDeviceListener();
  const answer = await send(url, good);
  assert.deepEqual([answer.status, answer.json], [200, { sizeBytes: bytes.length, evidenceId }]);
  const blobId = evidenceBlobId({ organizationId: 'default', deviceId: 'device-1', number: 1 }, evidenceId);
  const reader = blobs.open(blobId, bytes.length);
  assert.ok(bytes.equals(reader.read(0, bytes.length)));
  reader.close();
  assert.equal(storedFiles(), 1);
});

test('a deflated part is kept as the plain bytes that were described', async () => {
  const { url, blobs, storedFiles } = await openDeviceListener();
  const upload = deflated(bytes);
  assert.ok(upload.body.length < 2000);
  assert.equal((await send(url, upload)).status, 200);
  const blobId = evidenceBlobId({ organizationId: 'default', deviceId: 'device-1', number: 1 }, evidenceId);
  const reader = blobs.open(blobId, bytes.length);
  assert.ok(bytes.equals(reader.read(0, bytes.length)));
  reader.close();
  assert.equal(storedFiles(), 1);
});

test('what a part inflates to counts as arriving, and its share is given back', async () => {
  const { url } = await openDeviceListener({ maxConcurrentUploadBytes: 300_000 });
  const largest = Buffer.alloc(maxPartBytes, 1);
  for (let turn = 0; turn < 3; turn++) {
    assert.equal((await send(url, deflated(largest))).code, 'uploads-busy');
    assert.equal((await send(url, deflated(bytes))).status, 200);
  }
});

test('a part as large as a part may be is taken', async () => {
  const { url } = await openDeviceListener();
  const largest = Buffer.alloc(maxPartBytes, 1);
  const answer = await send(url, multipart([partField(describe(largest)), bytesField(largest)]));
  assert.equal(answer.status, 200);
});

const larger = Buffer.alloc(maxPartBytes + 1, 1);
const changed = Buffer.from(good.body);
changed[changed.length - 100]! ^= 1;
const cases: Record<string, [Upload, number, string, Record<string, string>?]> = {
  'with a wrong signature': [good, 401, 'signature-invalid', headersOf(good, strangerKey)],
  'without a signature': [good, 401, 'signature-missing', { 'content-type': good.contentType }],
  'changed on its way': [{ ...good, body: changed }, 400, 'digest-mismatch', headersOf(good)],
  'with another hash than described': [
    multipart([partField(describe(bytes, { sha256: '0'.repeat(64) })), bytesField(bytes)]),
    400,
    'digest-mismatch',
  ],
  'shorter than described': [
    multipart([partField(describe(bytes, { sizeBytes: bytes.length + 1 })), bytesField(bytes)]),
    400,
    'malformed-upload',
  ],
  'longer than described': [
    multipart([partField(describe(bytes, { sizeBytes: 10 })), bytesField(bytes)]),
    413,
    'part-too-large',
  ],
  'that inflates to more than described': [deflated(bytes, { sizeBytes: 10 }), 413, 'part-too-large'],
  'that inflates to a thousand times more than a part may hold': [
    deflated(Buffer.alloc(maxPartBytes * 8), { sizeBytes: maxPartBytes }),
    413,
    'part-too-large',
  ],
  'that inflates to less than described': [
    deflated(bytes, { sizeBytes: bytes.length + 1 }),
    400,
    'malformed-upload',
  ],
  'that inflates to other bytes than described': [
    deflated(bytes, {}, deflateRawSync(Buffer.alloc(bytes.length, 'another'))),
    400,
    'digest-mismatch',
  ],
  'whose deflated bytes break off': [deflated(bytes, {}, packed.subarray(0, -3)), 400, 'malformed-upload'],
  'whose deflated bytes go on behind their end': [
    deflated(bytes, {}, Buffer.concat([packed, Buffer.alloc(100_000, 'more')])),
    400,
    'malformed-upload',
  ],
  'that is said to be deflated and is not': [deflated(bytes, {}, bytes), 400, 'malformed-upload'],
  'of an encoding that nobody knows': [deflated(bytes, { encoding: 'brotli' }), 400, 'malformed-message'],
  'larger than a part may be': [
    multipart([partField(describe(larger, { sizeBytes: maxPartBytes })), bytesField(larger)]),
    413,
    'part-too-large',
  ],
  'far larger than a part may be': [{ ...good, body: Buffer.alloc(maxPartBytes * 2) }, 413, 'part-too-large'],
  'described as larger than allowed': [
    multipart([partField(describe(bytes, { sizeBytes: maxPartBytes + 1 })), bytesField(bytes)]),
    400,
    'malformed-message',
  ],
  'described after its bytes': [
    multipart([bytesField(bytes), partField(describe(bytes))]),
    400,
    'malformed-upload',
  ],
  'without bytes': [multipart([partField(describe(bytes))]), 400, 'malformed-upload'],
  'without description': [multipart([bytesField(bytes)]), 400, 'malformed-upload'],
  'with two files': [
    multipart([partField(describe(bytes)), bytesField(bytes), bytesField(bytes)]),
    400,
    'malformed-upload',
  ],
  'with a field more': [
    multipart([partField(describe(bytes)), partField(1), bytesField(bytes)]),
    400,
    'malformed-upload',
  ],
  'in a wrong field': [
    multipart([partField(describe(bytes)), { ...bytesField(bytes), name: 'other' }]),
    400,
    'malformed-upload',
  ],
  'whose description is no JSON': [
    multipart([{ name: 'part', bytes: Buffer.from('{') }, bytesField(bytes)]),
    400,
    'malformed-upload',
  ],
  'whose description is huge': [
    multipart([{ name: 'part', bytes: Buffer.alloc(10_000, 'x') }, bytesField(bytes)]),
    400,
    'malformed-upload',
  ],
  'that is no multipart': [
    { contentType: 'application/json', body: Buffer.from('{}') },
    415,
    'unsupported-media-type',
  ],
  'without a boundary': [{ ...good, contentType: 'multipart/form-data; a=b' }, 400, 'malformed-upload'],
  'that ends too early': [{ ...good, body: good.body.subarray(0, 100_000) }, 400, 'malformed-upload'],
  'of random bytes': [{ ...good, body: Buffer.alloc(50_000, 'xyz') }, 400, 'malformed-upload'],
};

for (const [name, [upload, status, code, headers]] of Object.entries(cases))
  test(`an upload ${name} is refused and leaves nothing`, async () => {
    const { url, storedFiles } = await openDeviceListener();
    const answer = await send(url, upload, headers);
    assert.deepEqual([answer.status, answer.code], [status, code]);
    assert.equal(storedFiles(), 0);
  });

test('an upload that its route does not keep leaves nothing', async () => {
  const { url, storedFiles } = await openDeviceListener();
  const headers = { ...headersOf(good), 'x-keep': 'no', connection: 'close' };
  assert.equal((await send(url, good, headers)).status, 200);
  for (let turn = 0; storedFiles() > 0 && turn < 1000; turn++) await new Promise(setImmediate);
  assert.equal(storedFiles(), 0);
});

test('uploads that are cut off leave nothing, and give back their share', async () => {
  const { url, port, blobs, storedFiles } = await openDeviceListener({ maxConcurrentUploadBytes: 300_000 });
  const headOf = (upload: Upload) =>
    Object.entries({ host: 'x', ...headersOf(upload), 'content-length': String(upload.body.length) })
      .map(([name, value]) => `${name}: ${value}\r\n`)
      .join('');
  const cuts = [0, 100, 400, 150_000, good.body.length - 1].map(sentBytes => [good, sentBytes] as const);
  const noise = deflated(randomBytes(200_000));
  for (const [upload, sentBytes] of [...cuts, [noise, 150_000] as const]) {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => {});
    socket.write(`POST /v1/evidence HTTP/1.1\r\n${headOf(upload)}\r\n`);
    if (sentBytes > 0) socket.write(upload.body.subarray(0, sentBytes));
    const arriving = sentBytes < 150_000 ? 0 : 1;
    for (let turn = 0; blobs.stagedFiles < arriving && turn < 10_000; turn++) await new Promise(setImmediate);
    socket.resetAndDestroy();
    await once(socket, 'close');
    for (let turn = 0; storedFiles() > 0 && turn < 10_000; turn++) await new Promise(setImmediate);
    assert.equal(storedFiles(), 0, `after ${sentBytes} bytes`);
  }
  // Each of them would fill the budget if its share were still taken.
  for (let turn = 0; turn < 1000; turn++) {
    const answer = await send(url, good);
    if (answer.status === 200) return;
    assert.equal(answer.code, 'uploads-busy');
  }
  assert.fail('the shares of cut uploads were not given back');
});

test('more than may arrive at once is put off', async () => {
  const { url } = await openDeviceListener({ maxConcurrentUploadBytes: 100_000 });
  const answer = await send(url, good);
  assert.deepEqual([answer.status, answer.code, answer.retryAfter], [503, 'uploads-busy', '5']);
});
