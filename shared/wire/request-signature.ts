import { base64Of, bytesOfBase64 } from '../bytes/base64.ts';
import { utf8Of } from '../bytes/utf8.ts';

/**
 * HTTP Message Signatures (RFC 9421) as Bootmend uses them: Ed25519 over method, path and Content-Digest, one
 * signature labelled `sig1`. There is no `created`: a machine in WinRE may have any clock. Replay is harmless,
 * because a repeat of (episode, sequence) gets the stored answer and orders repeat the device's own nonce.
 */
export const coveredComponents = '("@method" "@path" "content-digest")';

export interface SignedRequestParts {
  readonly method: string;
  readonly path: string;
  readonly contentDigest: string;
  readonly keyId: string;
}

/** The Content-Digest header (RFC 9530) of a body's SHA-256. */
export const contentDigestOf = (sha256: Uint8Array) => `sha-256=:${base64Of(sha256)}:`;

const signatureParameters = (keyId: string) => `${coveredComponents};keyid="${keyId}";alg="ed25519"`;

/** The bytes that are signed: the signature base of RFC 9421 section 2.5. */
export function signatureBaseOf(parts: SignedRequestParts): Uint8Array {
  return utf8Of(
    [
      `"@method": ${parts.method}`,
      `"@path": ${parts.path}`,
      `"content-digest": ${parts.contentDigest}`,
      `"@signature-params": ${signatureParameters(parts.keyId)}`,
    ].join('\n'),
  );
}

/** The three headers of a signed request, lower-case names. */
export function signatureHeadersOf(parts: SignedRequestParts, signature: Uint8Array): Record<string, string> {
  return {
    'content-digest': parts.contentDigest,
    'signature-input': `sig1=${signatureParameters(parts.keyId)}`,
    signature: `sig1=:${base64Of(signature)}:`,
  };
}

export interface ParsedSignature {
  readonly keyId: string;
  readonly signature: Uint8Array;
  /** SHA-256 of the body, as the sender promises it. */
  readonly bodySha256: Uint8Array;
}

const name = String.raw`[A-Za-z0-9][A-Za-z0-9._-]{0,63}`;
const keyIdPattern = new RegExp(String.raw`^${name}/${name}/\d{1,6}$`);

/** Reads the three headers of a signed request; anything but the one accepted shape is undefined. */
export function parseSignatureHeaders(headers: {
  readonly contentDigest: string | undefined;
  readonly signatureInput: string | undefined;
  readonly signature: string | undefined;
}): ParsedSignature | undefined {
  const digest = /^sha-256=:([A-Za-z0-9+/]{43}=):$/.exec(headers.contentDigest ?? '')?.[1];
  const signed = /^sig1=:([A-Za-z0-9+/]{86}==):$/.exec(headers.signature ?? '')?.[1];
  const keyId = /;keyid="([^"]{1,140})";/.exec(headers.signatureInput ?? '')?.[1];
  if (digest === undefined || signed === undefined || keyId === undefined || !keyIdPattern.test(keyId))
    return undefined;
  if (headers.signatureInput !== `sig1=${signatureParameters(keyId)}`) return undefined;
  const [bodySha256, signature] = [bytesOfBase64(digest), bytesOfBase64(signed)];
  return bodySha256 && signature ? { keyId, signature, bodySha256 } : undefined;
}
