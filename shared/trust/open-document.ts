import type * as z from 'zod/mini';
import { bytesOfBase64 } from '../bytes/base64.ts';
import { bytesOfHex } from '../bytes/hex.ts';
import { textOfUtf8 } from '../bytes/utf8.ts';
import { type Envelope, payloadOf, preAuthenticationEncoding, type Verify } from './envelope.ts';

/** Why a signed document is not believed. */
export type TrustProblemCode =
  | 'wrong-payload-type'
  | 'not-enough-signatures'
  | 'unreadable-document'
  | 'wrong-organization'
  | 'version-not-newer'
  | 'file-key-required'
  | 'script-changed'
  | 'expired'
  | 'recalled'
  | 'older-than-obeyed'
  | 'not-for-this-device'
  | 'wrong-device'
  | 'wrong-episode'
  | 'nonce-not-ours'
  | 'order-too-old';

export interface TrustProblem {
  readonly code: TrustProblemCode;
  readonly message: string;
}

export type Opened<Document> =
  { readonly ok: true; readonly document: Document } | { readonly ok: false; readonly problem: TrustProblem };

export const refuse = (code: TrustProblemCode, message: string): { ok: false; problem: TrustProblem } => ({
  ok: false,
  problem: { code, message },
});

/** A public key that may sign, as 64 hex digits. */
export interface Signer {
  readonly keyId: string;
  readonly publicKey: string;
}

/** The signers whose signature over the raw payload is good. A key counts once, by its bytes and not by its name. */
export function listGoodSigners<S extends Signer>(
  sealed: Envelope,
  payload: Uint8Array,
  signers: readonly S[],
  verify: Verify,
): S[] {
  const message = preAuthenticationEncoding(sealed.payloadType, payload);
  const good = new Map<string, S>();
  for (const { keyid, sig } of sealed.signatures) {
    const signer = signers.find(one => one.keyId === keyid);
    const [key, signature] = [signer && bytesOfHex(signer.publicKey), bytesOfBase64(sig)];
    if (signer && key && signature && verify(key, message, signature)) good.set(signer.publicKey, signer);
  }
  return [...good.values()];
}

/** Checks the signatures over the raw bytes, and only then parses the document. */
export function openDocument<Schema extends z.ZodMiniType>(
  sealed: Envelope,
  expected: { payloadType: string; schema: Schema; signers: readonly Signer[]; threshold: number },
  verify: Verify,
): Opened<z.infer<Schema>> & { readonly signers?: readonly Signer[] } {
  const payload = payloadOf(sealed, expected.payloadType);
  if (!payload) return refuse('wrong-payload-type', `Expected an envelope of type ${expected.payloadType}.`);
  const signers = listGoodSigners(sealed, payload, expected.signers, verify);
  if (signers.length < expected.threshold || expected.threshold < 1)
    return refuse(
      'not-enough-signatures',
      `${signers.length} good signatures; ${expected.threshold} are needed.`,
    );
  const document = parseDocument(payload, expected.schema);
  return document === undefined
    ? refuse('unreadable-document', 'The signed document does not have the expected shape.')
    : { ok: true, document, signers };
}

/** Parses a payload without believing it; undefined when it does not have the shape. */
export function parseDocument<Schema extends z.ZodMiniType>(
  payload: Uint8Array,
  schema: Schema,
): z.infer<Schema> | undefined {
  let json: unknown;
  try {
    json = JSON.parse(textOfUtf8(payload).text);
  } catch {
    return undefined;
  }
  const parsed = schema.safeParse(json);
  return parsed.success ? parsed.data : undefined;
}
