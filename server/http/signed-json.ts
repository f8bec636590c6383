import { createHash } from 'node:crypto';
import type { Request, RequestHandler } from 'express';
import { Refusal } from './refusal.ts';
import {
  type FindDeviceKey,
  readSignature,
  requireDigest,
  requireSignature,
  verifySignature,
} from './request-signature.ts';

/** The largest JSON message a device sends. */
export const maxMessageBytes = 256 * 1024;

/** For routes of devices: checks the signature, reads the body, checks its digest, puts the JSON in `request.body`. */
export function signedJson(findDeviceKey: FindDeviceKey, limitBytes = maxMessageBytes): RequestHandler[] {
  return [requireSignature(findDeviceKey), readSignedBody(limitBytes)];
}

/**
 * For enrolment: the body itself carries the public key that signed it, which `publicKeyOf` reads from it as 64 hex
 * digits. Only the limit protects the read, so keep it small.
 */
export function selfSignedJson(
  publicKeyOf: (body: unknown) => string | undefined,
  limitBytes = 16 * 1024,
): RequestHandler[] {
  return [
    (request, _response, next) => {
      readSignature(request);
      next();
    },
    readSignedBody(limitBytes),
    (request, _response, next) => {
      const publicKey = publicKeyOf(request.body);
      if (publicKey === undefined || !/^[0-9a-f]{64}$/.test(publicKey))
        throw new Refusal('malformed-message', 'The message carries no public key of 64 hex digits.');
      verifySignature(request, Buffer.from(publicKey, 'hex'));
      next();
    },
  ];
}

function readSignedBody(limitBytes: number): RequestHandler {
  return async (request, _response, next) => {
    const body = await readBody(request, limitBytes);
    requireDigest(request, createHash('sha256').update(body).digest());
    request.body = parseJson(body);
    next();
  };
}

/** Reads a body that may not be larger than its limit, whatever its headers promise. */
export async function readBody(request: Request, limitBytes: number): Promise<Buffer> {
  const tooLarge = () => new Refusal('body-too-large', `At most ${limitBytes} bytes are accepted here.`);
  if (Number(request.get('content-length') ?? 0) > limitBytes) throw tooLarge();
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    if (sizeBytes > limitBytes) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, sizeBytes);
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(utf8.decode(body));
  } catch {
    throw new Refusal('malformed-json', 'The body is not JSON in UTF-8.');
  }
}
