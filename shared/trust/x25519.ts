import { x25519 } from '@noble/curves/ed25519.js';
import type { Agreement } from './curves.ts';

/** X25519 in plain TypeScript, for servers and machines without a faster one. */
export const scriptAgreement: Agreement = {
  boxKeyOf: secretKey => x25519.getPublicKey(secretKey),
  agree(secretKey, publicKey) {
    try {
      return x25519.getSharedSecret(secretKey, publicKey);
    } catch {
      return undefined;
    }
  },
};
