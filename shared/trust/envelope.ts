import * as z from 'zod/mini';
import { base64Of, bytesOfBase64 } from '../bytes/base64.ts';
import { utf8Of } from '../bytes/utf8.ts';

/**
 * A DSSE envelope (Dead Simple Signing Envelope 1.0): base64 payload, its type, and signatures over both.
 * The payload is checked as raw bytes before it is parsed.
 */
export const envelope = z.object({
  payloadType: z.string().check(z.maxLength(100)),
  payload: z.string().check(z.maxLength(262_144)),
  signatures: z
    .array(z.object({ keyid: z.string().check(z.maxLength(200)), sig: z.string().check(z.maxLength(100)) }))
    .check(z.maxLength(32)),
});
export type Envelope = z.infer<typeof envelope>;

/** Makes an Ed25519 signature with a key that the caller holds. */
export type Sign = (message: Uint8Array) => Uint8Array;
/** Checks an Ed25519 signature; a malformed key or signature is false, never a throw. */
export type Verify = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean;

/** The pre-authentication encoding of DSSE: what is really signed. */
export function preAuthenticationEncoding(payloadType: string, payload: Uint8Array): Uint8Array {
  const type = utf8Of(payloadType);
  const head = utf8Of(`DSSEv1 ${type.length} `);
  const middle = utf8Of(` ${payload.length} `);
  const bytes = new Uint8Array(head.length + type.length + middle.length + payload.length);
  bytes.set(head, 0);
  bytes.set(type, head.length);
  bytes.set(middle, head.length + type.length);
  bytes.set(payload, head.length + type.length + middle.length);
  return bytes;
}

/** Seals a payload with one signature; more are added by `addSignature`. */
export function sealEnvelope(payloadType: string, payload: Uint8Array, keyid: string, sign: Sign): Envelope {
  const sig = base64Of(sign(preAuthenticationEncoding(payloadType, payload)));
  return { payloadType, payload: base64Of(payload), signatures: [{ keyid, sig }] };
}

/** The same envelope with one more signature; an earlier one of the same key is replaced. */
export function addSignature(sealed: Envelope, keyid: string, signature: Uint8Array): Envelope {
  const others = sealed.signatures.filter(one => one.keyid !== keyid);
  return { ...sealed, signatures: [...others, { keyid, sig: base64Of(signature) }] };
}

/** The payload's bytes, or undefined when the type is another one or the base64 is not canonical. */
export function payloadOf(sealed: Envelope, payloadType: string): Uint8Array | undefined {
  return sealed.payloadType === payloadType ? bytesOfBase64(sealed.payload) : undefined;
}
