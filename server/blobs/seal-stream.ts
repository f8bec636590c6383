import { createHash, randomBytes } from 'node:crypto';
import type { Readable } from 'node:stream';
import { BlobTooLarge } from './blob-errors.ts';
import type { PiecePlace } from './blob-store.ts';
import { headOf, saltBytes, segmentBytes, SegmentCipher } from './sealed-piece.ts';

/** What a stream held. */
export interface StreamFacts {
  readonly sizeBytes: number;
  readonly sha256: Uint8Array;
}

/** Seals a stream piece by piece of memory: yields what is to be written, and returns what went through. */
export async function* sealStream(
  bytes: Readable,
  masterKey: Uint8Array,
  place: PiecePlace,
  limitBytes: number,
): AsyncGenerator<Buffer, StreamFacts> {
  const salt = randomBytes(saltBytes);
  const cipher = new SegmentCipher(masterKey, salt, place);
  const hash = createHash('sha256');
  let sizeBytes = 0;
  let number = 0;
  const segment = Buffer.alloc(segmentBytes);
  let filled = 0;
  yield headOf(salt);
  // The stream may be part of a larger one that has to be read on, so it is never destroyed here.
  for await (const chunk of bytes.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    if (sizeBytes > limitBytes)
      throw new BlobTooLarge(`More than the ${limitBytes} bytes that are accepted.`);
    hash.update(chunk);
    for (let at = 0; at < chunk.length;) {
      // A full segment is sealed only when more bytes come, since the last one is sealed as the last.
      if (filled === segmentBytes) {
        yield cipher.seal(number++, false, segment);
        filled = 0;
      }
      const taken = chunk.copy(segment, filled, at);
      filled += taken;
      at += taken;
    }
  }
  yield cipher.seal(number, true, segment.subarray(0, filled));
  return { sizeBytes, sha256: hash.digest() };
}
