import assert from 'node:assert/strict';
import { test } from 'node:test';
import { verifyEd25519 } from '../../../shared/trust/ed25519.ts';
import {
  contentDigestOf,
  parseSignatureHeaders,
  signatureBaseOf,
  signatureHeadersOf,
} from '../../../shared/wire/request-signature.ts';
import { anna, bytes } from '../../support/approvers.ts';

const parts = {
  method: 'POST',
  path: '/v1/check-in',
  contentDigest: contentDigestOf(new Uint8Array(32).fill(7)),
  keyId: 'default/0198a1b2/1',
};
const headers = signatureHeadersOf(parts, anna.sign(signatureBaseOf(parts)));
const read = (changes: Record<string, string> = {}) => {
  const all = { ...headers, ...changes };
  return parseSignatureHeaders({
    contentDigest: all['content-digest'],
    signatureInput: all['signature-input'],
    signature: all.signature,
  });
};

test('a signed request verifies, and its key and body hash are read back', () => {
  const parsed = read();
  assert.ok(parsed);
  assert.equal(parsed.keyId, parts.keyId);
  assert.deepEqual(parsed.bodySha256, new Uint8Array(32).fill(7));
  assert.ok(verifyEd25519(bytes(anna.publicKey), signatureBaseOf(parts), parsed.signature));
});

test('the signature covers method, path and digest', () => {
  const { signature } = read()!;
  for (const other of [
    { method: 'PUT' },
    { path: '/v1/outcome' },
    { contentDigest: contentDigestOf(new Uint8Array(32)) },
  ])
    assert.equal(
      verifyEd25519(bytes(anna.publicKey), signatureBaseOf({ ...parts, ...other }), signature),
      false,
    );
});

test('the base has the form of RFC 9421', () => {
  assert.equal(
    Buffer.from(signatureBaseOf(parts)).toString(),
    [
      '"@method": POST',
      '"@path": /v1/check-in',
      `"content-digest": ${parts.contentDigest}`,
      '"@signature-params": ("@method" "@path" "content-digest");keyid="default/0198a1b2/1";alg="ed25519"',
    ].join('\n'),
  );
});

test('anything but the one accepted shape is no signature', () => {
  const input = headers['signature-input']!;
  assert.equal(read({ 'signature-input': input.replace('"@path" ', '') }), undefined);
  assert.equal(read({ 'signature-input': `${input};created=1` }), undefined);
  assert.equal(read({ 'signature-input': input.replace('default/', '../') }), undefined);
  assert.equal(read({ signature: 'sig1=:AAAA:' }), undefined);
  assert.equal(read({ 'content-digest': 'sha-512=:AAAA:' }), undefined);
});
