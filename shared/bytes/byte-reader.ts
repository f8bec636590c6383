import type { ByteSource, FileOffset } from './byte-source.ts';

const pageBytes = 16 * 1024;
const maxPages = 64;

/**
 * Reads little-endian values out of a source that may be larger than memory: at most 1 MiB of it is kept. What lies
 * outside of the source, wholly or in part, is undefined; nothing throws.
 */
export class ByteReader {
  readonly sizeBytes: number;
  readonly #source: ByteSource;
  readonly #pages = new Map<number, DataView>();
  #view: DataView = new DataView(new ArrayBuffer(0));
  /** Where the view starts in the source. */
  #viewStart = 0;

  constructor(source: ByteSource) {
    this.#source = source;
    this.sizeBytes = source.sizeBytes;
  }

  u8(offset: FileOffset): number | undefined {
    const at = this.#seek(offset, 1);
    return at < 0 ? undefined : this.#view.getUint8(at);
  }

  u16(offset: FileOffset): number | undefined {
    const at = this.#seek(offset, 2);
    return at < 0 ? undefined : this.#view.getUint16(at, true);
  }

  u32(offset: FileOffset): number | undefined {
    const at = this.#seek(offset, 4);
    return at < 0 ? undefined : this.#view.getUint32(at, true);
  }

  u64(offset: FileOffset): bigint | undefined {
    const at = this.#seek(offset, 8);
    return at < 0 ? undefined : this.#view.getBigUint64(at, true);
  }

  /** Exactly `lengthBytes` bytes, or undefined when the source does not hold all of them. */
  bytes(offset: FileOffset, lengthBytes: number): Uint8Array | undefined {
    if (!this.holds(offset, lengthBytes)) return undefined;
    const read = this.#source.read(offset, lengthBytes);
    return read.length === lengthBytes ? read : undefined;
  }

  /** Whether a range lies in the source as its size tells; offsets that are no whole numbers never do. */
  holds(offset: FileOffset, lengthBytes: number): boolean {
    return (
      Number.isSafeInteger(offset) &&
      Number.isSafeInteger(lengthBytes) &&
      offset >= 0 &&
      lengthBytes >= 0 &&
      lengthBytes <= this.sizeBytes - offset
    );
  }

  /** Makes `#view` hold the range and gives its place there, or -1. */
  #seek(offset: FileOffset, lengthBytes: number): number {
    // Most reads are near the last one, and an interpreter takes its time for every question.
    const near = offset - this.#viewStart;
    if ((near | 0) === near && near >= 0 && near + lengthBytes <= this.#view.byteLength) return near;
    if (!this.holds(offset, lengthBytes)) return -1;
    const index = Math.floor(offset / pageBytes);
    const at = offset - index * pageBytes;
    if (at + lengthBytes > pageBytes) {
      const read = this.bytes(offset, lengthBytes);
      if (!read) return -1;
      this.#view = viewOf(read);
      this.#viewStart = offset;
      return 0;
    }
    this.#view = this.#page(index);
    this.#viewStart = index * pageBytes;
    return at + lengthBytes <= this.#view.byteLength ? at : -1;
  }

  #page(index: number): DataView {
    const known = this.#pages.get(index);
    if (known) return known;
    const oldest = this.#pages.keys().next().value;
    if (this.#pages.size >= maxPages && oldest !== undefined) this.#pages.delete(oldest);
    const start = index * pageBytes;
    const page = viewOf(this.#source.read(start, Math.min(pageBytes, this.sizeBytes - start)));
    this.#pages.set(index, page);
    return page;
  }
}

const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
