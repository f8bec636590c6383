import type { Verify } from './envelope.ts';

/** Signatures by Ed25519 (RFC 8032). */
export interface Signatures {
  readonly verify: Verify;
  /** Signs with a 32-byte secret key. */
  readonly sign: (secretKey: Uint8Array, message: Uint8Array) => Uint8Array;
  /** The 32-byte public key of a 32-byte secret key. */
  readonly publicKeyOf: (secretKey: Uint8Array) => Uint8Array;
}

/** Agreement on a secret by X25519 (RFC 7748). */
export interface Agreement {
  /** The public key of a box key, which is any 32 random bytes. */
  readonly boxKeyOf: (secretKey: Uint8Array) => Uint8Array;
  /** The secret of both sides; undefined for a public key that is none, or one that makes any secret the same. */
  readonly agree: (secretKey: Uint8Array, publicKey: Uint8Array) => Uint8Array | undefined;
}

/** The two curves that keys lie on. */
export type Curves = Signatures & Agreement;
