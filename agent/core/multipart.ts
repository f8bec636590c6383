import { utf8Of } from '../../shared/bytes/utf8.ts';
import type { EvidencePart } from '../../shared/wire/evidence.ts';

/** A multipart body (RFC 7578) and the content type that announces it. */
export interface MultipartBody {
  readonly contentType: string;
  readonly body: Uint8Array;
}

/** Packs one part of a piece of evidence. `boundary` is random, so that the bytes cannot hold it by chance. */
export function packEvidencePart(part: EvidencePart, bytes: Uint8Array, boundary: string): MultipartBody {
  const head = utf8Of(
    [
      `--${boundary}`,
      'Content-Disposition: form-data; name="part"',
      'Content-Type: application/json',
      '',
      JSON.stringify(part),
      `--${boundary}`,
      'Content-Disposition: form-data; name="bytes"; filename="evidence"',
      'Content-Type: application/octet-stream',
      '',
      '',
    ].join('\r\n'),
  );
  const tail = utf8Of(`\r\n--${boundary}--\r\n`);
  const body = new Uint8Array(head.length + bytes.length + tail.length);
  body.set(head, 0);
  body.set(bytes, head.length);
  body.set(tail, head.length + bytes.length);
  return { contentType: `multipart/form-data; boundary=${boundary}`, body };
}
