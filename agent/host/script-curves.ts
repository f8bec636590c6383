import type { Curves } from '../../shared/trust/curves.ts';
import { publicKeyOf, signerOf, verifyEd25519 } from '../../shared/trust/ed25519.ts';
import { scriptAgreement } from '../../shared/trust/x25519.ts';

/** The curves of a host that has no faster ones. */
export const scriptCurves: Curves = {
  verify: verifyEd25519,
  sign: (secretKey, message) => signerOf(secretKey)(message),
  publicKeyOf,
  ...scriptAgreement,
};
