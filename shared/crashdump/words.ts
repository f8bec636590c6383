import type { ByteReader } from '../bytes/byte-reader.ts';
import type { FileOffset } from '../bytes/byte-source.ts';

/** How many bytes an address of the crashed machine has. */
export type WordBytes = 4 | 8;

/** A machine word of a file; undefined when the file does not hold it. */
export function readWord(reader: ByteReader, offset: FileOffset, wordBytes: WordBytes): bigint | undefined {
  if (wordBytes === 8) return reader.u64(offset);
  const value = reader.u32(offset);
  return value === undefined ? undefined : BigInt(value);
}

/** Little-endian values of bytes that were read from memory. */
export const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** A machine word of bytes that were read from memory; the caller knows that they reach that far. */
export const wordOf = (view: DataView, at: number, wordBytes: WordBytes): bigint =>
  wordBytes === 8 ? view.getBigUint64(at, true) : BigInt(view.getUint32(at, true));
