declare const brand: unique symbol;

/** A position in a file, in bytes from its start. Never mixed up with an address. */
export type FileOffset = number & { readonly [brand]?: 'FileOffset' };
/** An address in the memory of the machine that crashed; always 64 bits wide. */
export type VirtualAddress = bigint & { readonly [brand]?: 'VirtualAddress' };

/**
 * Random access to bytes, synchronous. `read` gives fewer bytes than asked for only where the source ends; what it
 * gives is never changed by its reader.
 */
export interface ByteSource {
  readonly sizeBytes: number;
  read(offset: number, lengthBytes: number): Uint8Array;
}

/** A source over bytes that are already in memory; reads are views, not copies. */
export function memorySource(bytes: Uint8Array): ByteSource {
  return {
    sizeBytes: bytes.length,
    read(offset, lengthBytes) {
      const start = Math.min(Math.max(offset, 0), bytes.length);
      return bytes.subarray(start, Math.min(start + Math.max(lengthBytes, 0), bytes.length));
    },
  };
}
