import type { ByteSource } from '../../shared/bytes/byte-source.ts';

/** A source that counts what is read through it. */
export interface CountingSource extends ByteSource {
  readonly counted: { bytes: number; reads: number };
}

export function countingSource(source: ByteSource): CountingSource {
  const counted = { bytes: 0, reads: 0 };
  return {
    counted,
    sizeBytes: source.sizeBytes,
    read(offset, lengthBytes) {
      const bytes = source.read(offset, lengthBytes);
      counted.bytes += bytes.length;
      counted.reads++;
      return bytes;
    },
  };
}
