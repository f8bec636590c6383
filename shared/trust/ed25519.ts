import * as ed from '@noble/ed25519';
import { sha512 } from '@noble/hashes/sha2.js';
import type { Sign, Verify } from './envelope.ts';

ed.hashes.sha512 = sha512;

/** Checks Ed25519 signatures in plain TypeScript: runs in WinRE, in a browser and in Node alike. */
export const verifyEd25519: Verify = (publicKey, message, signature) => {
  try {
    return ed.verify(signature, message, publicKey, { zip215: false });
  } catch {
    return false;
  }
};

/** A signer for a 32-byte secret key. */
export const signerOf =
  (secretKey: Uint8Array): Sign =>
  message =>
    ed.sign(message, secretKey);

/** The 32-byte public key of a 32-byte secret key. */
export const publicKeyOf = (secretKey: Uint8Array): Uint8Array => ed.getPublicKey(secretKey);
