import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { verifyEd25519 as verifyByOpenssl } from '../../../server/verify-ed25519.ts';
import { publicKeyOf, signerOf, verifyEd25519 } from '../../../shared/trust/ed25519.ts';
import { signatureCases } from '../../support/signature-cases.ts';

const verifiers = { TypeScript: verifyEd25519, OpenSSL: verifyByOpenssl };

for (const [name, verify] of Object.entries(verifiers))
  describe(`Ed25519 by ${name}`, () => {
    for (const { about, publicKey, message, signature, holds } of signatureCases())
      test(`${holds ? 'accepted' : 'refused'}: ${about}`, () =>
        assert.equal(verify(publicKey, message, signature), holds));
  });

test('keys and signatures are those of RFC 8032', () => {
  for (const { secretKey, publicKey, message, signature } of signatureCases()) {
    if (!secretKey) continue;
    assert.deepEqual(Buffer.from(publicKeyOf(secretKey)), Buffer.from(publicKey));
    assert.deepEqual(Buffer.from(signerOf(secretKey)(message)), Buffer.from(signature));
  }
});

test('asking about a signature changes none of its bytes', () => {
  const { publicKey, message, signature } = signatureCases()[0]!;
  const parts = [publicKey, message, signature.with(31, signature[31]! | 0x80)].map(part =>
    Buffer.from(part),
  );
  const before = parts.map(part => part.toString('hex'));
  for (const verify of Object.values(verifiers)) verify(parts[0]!, parts[1]!, parts[2]!);
  assert.deepEqual(
    parts.map(part => part.toString('hex')),
    before,
  );
});
