import { ed25519 } from '@noble/curves/ed25519.js';
import { bytesToNumberLE } from '@noble/curves/utils.js';
import { sha512 } from '@noble/hashes/sha2.js';
import type { Sign, Verify } from './envelope.ts';
import { isUsablePoint } from './usable-point.ts';

const { Point } = ed25519;

/**
 * Checks Ed25519 signatures in plain TypeScript: runs in a browser and in Node alike. The equation is the one without
 * cofactor (RFC 8032, 5.1.7), as in OpenSSL and libsodium, since what one of us accepts another may not refuse.
 */
export const verifyEd25519: Verify = (publicKey, message, signature) => {
  if (signature.length !== 64) return false;
  const [r, s] = [signature.subarray(0, 32), bytesToNumberLE(signature.subarray(32))];
  if (s >= Point.Fn.ORDER || !isUsablePoint(r) || !isUsablePoint(publicKey)) return false;
  try {
    const key = Point.fromBytes(publicKey);
    const hash = sha512.create().update(r).update(publicKey).update(message).digest();
    const k = Point.Fn.create(bytesToNumberLE(hash));
    const expected = Point.BASE.multiplyUnsafe(s).subtract(key.multiplyUnsafe(k));
    return expected.toBytes().every((byte, i) => byte === r[i]);
  } catch {
    return false;
  }
};

/** A signer for a 32-byte secret key. */
export const signerOf =
  (secretKey: Uint8Array): Sign =>
  message =>
    ed25519.sign(message, secretKey);

/** The 32-byte public key of a 32-byte secret key. */
export const publicKeyOf = (secretKey: Uint8Array): Uint8Array => ed25519.getPublicKey(secretKey);
