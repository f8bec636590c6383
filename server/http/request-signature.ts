import { timingSafeEqual } from 'node:crypto';
import type { Request, RequestHandler } from 'express';
import {
  contentDigestOf,
  type ParsedSignature,
  parseSignatureHeaders,
  signatureBaseOf,
} from '../../shared/wire/request-signature.ts';
import { verifyEd25519 } from '../verify-ed25519.ts';
import { Refusal } from './refusal.ts';

/** The device key that a request names. */
export interface DeviceKeyName {
  readonly organizationId: string;
  readonly deviceId: string;
  readonly number: number;
}

/** Finds the raw 32 bytes of a device key that may sign now; undefined when it is unknown or revoked. */
export type FindDeviceKey = (name: DeviceKeyName) => Promise<Uint8Array | undefined>;

interface SignedHeaders extends ParsedSignature {
  readonly name: DeviceKeyName;
}

const signedHeaders = new WeakMap<Request, SignedHeaders>();
const believed = new WeakSet<Request>();

/** Reads the signature's headers, without believing them. */
export function readSignature(request: Request): SignedHeaders {
  const known = signedHeaders.get(request);
  if (known) return known;
  const headers = {
    contentDigest: request.get('content-digest'),
    signatureInput: request.get('signature-input'),
    signature: request.get('signature'),
  };
  if (Object.values(headers).every(value => value === undefined))
    throw new Refusal('signature-missing', 'The request is not signed; sign it as RFC 9421 says.');
  const parsed = parseSignatureHeaders(headers);
  if (!parsed)
    throw new Refusal(
      'signature-invalid',
      'Content-Digest, Signature-Input or Signature is malformed; sha-256 and one ed25519 signature sig1 are accepted.',
    );
  const [organizationId, deviceId, number] = parsed.keyId.split('/') as [string, string, string];
  const signed = { ...parsed, name: { organizationId, deviceId, number: Number(number) } };
  signedHeaders.set(request, signed);
  return signed;
}

/** Verifies the signature over method, path and promised digest; refuses the request unless it is good. */
export function verifySignature(request: Request, publicKey: Uint8Array): void {
  const { keyId, signature, bodySha256 } = readSignature(request);
  const base = signatureBaseOf({
    method: request.method,
    path: request.originalUrl.replace(/\?.*$/s, ''),
    contentDigest: contentDigestOf(bodySha256),
    keyId,
  });
  if (!verifyEd25519(publicKey, base, signature))
    throw new Refusal('signature-invalid', `The signature of key ${keyId} does not fit this request.`);
  believed.add(request);
}

/** Lets only requests of known devices through, before a byte of their body is read. */
export function requireSignature(findDeviceKey: FindDeviceKey): RequestHandler {
  return async (request, _response, next) => {
    const { name, keyId } = readSignature(request);
    const publicKey = await findDeviceKey(name);
    if (!publicKey)
      throw new Refusal('unknown-device-key', `Key ${keyId} is not known here or was revoked; enrol again.`);
    verifySignature(request, publicKey);
    next();
  };
}

/** Refuses a body that is not the one that was signed. */
export function requireDigest(request: Request, bodySha256: Uint8Array): void {
  if (!timingSafeEqual(readSignature(request).bodySha256, bodySha256))
    throw new Refusal('digest-mismatch', 'The body is not the one that was signed; send it again.');
}

/** The device key whose signature over this request was found good. */
export function signerOf(request: Request): DeviceKeyName {
  if (!believed.has(request)) throw new Error(`${request.path} was routed without checking its signature`);
  return readSignature(request).name;
}
