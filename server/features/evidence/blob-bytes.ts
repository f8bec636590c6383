import { setImmediate as nextTurn } from 'node:timers/promises';
import type { BlobStore } from '../../blobs/blob-store.ts';

const chunkBytes = 256 * 1024;

/** The bytes of a blob in slices, letting other requests be served in between. */
export async function* chunksOf(
  blobs: BlobStore,
  blobId: string,
  sizeBytes: number,
): AsyncGenerator<Uint8Array> {
  const reader = blobs.open(blobId, sizeBytes);
  try {
    for (let offset = 0; offset < sizeBytes; offset += chunkBytes) {
      yield reader.read(offset, Math.min(chunkBytes, sizeBytes - offset));
      await nextTurn();
    }
  } finally {
    reader.close();
  }
}

/** A whole blob in memory; for those that are known to be small enough. */
export async function wholeBlob(
  blobs: BlobStore,
  blobId: string,
  sizeBytes: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(sizeBytes);
  let at = 0;
  for await (const chunk of chunksOf(blobs, blobId, sizeBytes)) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
