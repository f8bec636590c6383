import type { Curves } from '../../shared/trust/curves.ts';
import type { NativeCalls } from './native-calls.ts';

/** X25519's point that public keys are multiples of. */
const basePoint = Uint8Array.of(9, ...new Uint8Array(31));

/** The curves by the C host, hundreds of times faster than the interpreter. */
export const winreCurves = (native: NativeCalls): Curves => ({
  verify: (publicKey, message, signature) => native.verifyEd25519(publicKey, message, signature),
  sign: (secretKey, message) => native.signEd25519(secretKey, message),
  publicKeyOf: secretKey => native.publicKeyEd25519(secretKey),
  boxKeyOf: secretKey => native.x25519(secretKey, basePoint) ?? new Uint8Array(32),
  agree: (secretKey, publicKey) =>
    secretKey.length === 32 && publicKey.length === 32 ? native.x25519(secretKey, publicKey) : undefined,
});
