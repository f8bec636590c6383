import { createHash, sign } from 'node:crypto';
import { createPrivateKey, type KeyObject } from 'node:crypto';
import { contentDigestOf, signatureBaseOf, signatureHeadersOf } from '../../shared/wire/request-signature.ts';
import type { TestKey } from './approvers.ts';

const pkcs8Prefix = Buffer.from('302e020100300506032b657004220420', 'hex'); // RFC 8410

const privateKeyOf = (key: TestKey): KeyObject =>
  createPrivateKey({ key: Buffer.concat([pkcs8Prefix, key.secretKey]), format: 'der', type: 'pkcs8' });

/** The headers by which a device signs a request. */
export function signedHeaders(
  key: TestKey,
  request: {
    readonly keyId: string;
    readonly method: string;
    readonly path: string;
    readonly body: Uint8Array;
  },
): Record<string, string> {
  const parts = {
    method: request.method,
    path: request.path,
    keyId: request.keyId,
    contentDigest: contentDigestOf(createHash('sha256').update(request.body).digest()),
  };
  return signatureHeadersOf(parts, sign(null, signatureBaseOf(parts), privateKeyOf(key)));
}

/** A multipart body, as an agent writes it: what describes the part first, then its bytes. */
export function multipart(
  pieces: readonly { readonly name: string; readonly bytes: Uint8Array; readonly fileName?: string }[],
): { readonly contentType: string; readonly body: Buffer } {
  const boundary = 'bootmend-0123456789abcdef';
  const chunks = pieces.flatMap(({ name, bytes, fileName }) => [
    Buffer.from(
      `--${boundary}\r\ncontent-disposition: form-data; name="${name}"${fileName === undefined ? '' : `; filename="${fileName}"`}\r\n\r\n`,
    ),
    bytes,
    Buffer.from('\r\n'),
  ]);
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    body: Buffer.concat([...chunks, Buffer.from(`--${boundary}--\r\n`)]),
  };
}
