import { ed25519 } from '@noble/curves/ed25519.js';
import type { Sign, Verify } from './envelope.ts';

/** Checks Ed25519 signatures in plain TypeScript: runs in a browser and in Node alike. */
export const verifyEd25519: Verify = (publicKey, message, signature) => {
  try {
    return ed25519.verify(signature, message, publicKey, { zip215: false });
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
