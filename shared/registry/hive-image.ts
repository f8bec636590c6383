import type { ByteSource, FileOffset } from '../bytes/byte-source.ts';
import type { BytePatch } from './byte-patch.ts';
import { sectorBytes } from './layout.ts';

/** Equal bytes between two changes that are cheaper inside one patch than as a border. */
const joinedGapBytes = 8;

/** A file with changes laid over it; the file stays as it is. Only changed sectors take memory. */
export class HiveImage implements ByteSource {
  #sizeBytes: number;
  readonly #base: ByteSource;
  readonly #sectors = new Map<number, Uint8Array>();
  #hasUnreadable = false;

  constructor(base: ByteSource) {
    this.#base = base;
    this.#sizeBytes = base.sizeBytes;
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  /** Whether the file did not give bytes that it should hold; zeros stand for them, so it must not be changed. */
  get hasUnreadable(): boolean {
    return this.#hasUnreadable;
  }

  read(offset: FileOffset, lengthBytes: number): Uint8Array {
    const start = Math.min(Math.max(offset, 0), this.#sizeBytes);
    const end = Math.min(start + Math.max(lengthBytes, 0), this.#sizeBytes);
    const first = Math.floor(start / sectorBytes);
    const last = Math.ceil(end / sectorBytes);
    let copy: Uint8Array | undefined;
    for (let index = first; index < last; index++) {
      const sector = this.#sectors.get(index);
      if (!sector) continue;
      copy ??= padded(this.#below(start, end - start), end - start);
      const from = Math.max(start, index * sectorBytes);
      const to = Math.min(end, (index + 1) * sectorBytes);
      copy.set(sector.subarray(from - index * sectorBytes, to - index * sectorBytes), from - start);
    }
    if (copy) return copy;
    const plain = this.#below(start, end - start);
    return plain.length === end - start ? plain : padded(plain, end - start);
  }

  /** Lays bytes over the file; behind its end it grows, with zeros between. */
  write(offset: FileOffset, bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    const end = offset + bytes.length;
    if (end > this.#sizeBytes) this.#sizeBytes = end;
    for (let index = Math.floor(offset / sectorBytes); index * sectorBytes < end; index++) {
      const start = index * sectorBytes;
      const sector = this.#sectors.get(index) ?? padded(this.read(start, sectorBytes), sectorBytes);
      const from = Math.max(offset, start);
      const to = Math.min(end, start + sectorBytes);
      sector.set(bytes.subarray(from - offset, to - offset), from - start);
      this.#sectors.set(index, sector);
    }
  }

  truncate(sizeBytes: number): void {
    this.#sizeBytes = Math.min(this.#sizeBytes, sizeBytes);
  }

  u16(offset: FileOffset): number {
    const [low = 0, high = 0] = this.read(offset, 2);
    return low | (high << 8);
  }

  u32(offset: FileOffset): number {
    return (this.u16(offset) | (this.u16(offset + 2) << 16)) >>> 0;
  }

  setU16(offset: FileOffset, value: number): void {
    this.write(offset, Uint8Array.of(value & 0xff, value >> 8));
  }

  setU32(offset: FileOffset, value: number): void {
    this.write(offset, Uint8Array.of(value & 0xff, (value >> 8) & 0xff, (value >> 16) & 0xff, value >>> 24));
  }

  /** What differs from the file below, as the smallest sensible list of patches. */
  patches(): readonly BytePatch[] {
    const patches: BytePatch[] = [];
    const common = Math.min(this.#sizeBytes, this.#base.sizeBytes);
    let start = -1;
    let end = -1;
    const close = (): void => {
      if (start < 0) return;
      const lengthBytes = end - start;
      const before = new Uint8Array(this.#below(start, lengthBytes));
      patches.push({ offset: start, before, after: new Uint8Array(this.read(start, lengthBytes)) });
      start = -1;
    };
    for (const index of [...this.#sectors.keys()].sort((a, b) => a - b)) {
      const at = index * sectorBytes;
      const sector = this.#sectors.get(index)!;
      const below = this.#below(at, sectorBytes);
      const [words, belowWords] = [wordsOf(sector), wordsOf(below)];
      for (let i = 0; i < sectorBytes && at + i < common; i++) {
        // Most of a logged page is as it was: four bytes at a time are passed over, since each step takes its time.
        if (i % 4 === 0 && words && belowWords && words[i >> 2] === belowWords[i >> 2]) {
          i += 3;
          continue;
        }
        if (sector[i] === below[i]) continue;
        if (start >= 0 && at + i - end > joinedGapBytes) close();
        if (start < 0) start = at + i;
        end = at + i + 1;
      }
    }
    close();
    const [grown, cut] = [this.#sizeBytes - common, this.#base.sizeBytes - common];
    if (grown > 0 || cut > 0) {
      const before = new Uint8Array(this.#below(common, cut));
      patches.push({ offset: common, before, after: new Uint8Array(this.read(common, grown)) });
    }
    return patches;
  }

  #below(offset: FileOffset, lengthBytes: number): Uint8Array {
    const bytes = this.#base.read(offset, lengthBytes);
    if (bytes.length < Math.min(lengthBytes, this.#base.sizeBytes - offset)) this.#hasUnreadable = true;
    return bytes;
  }
}

/** A whole sector four bytes at a time; undefined where it does not lie so that its bytes can be seen like that. */
const wordsOf = (sector: Uint8Array): Uint32Array | undefined =>
  sector.length === sectorBytes && sector.byteOffset % 4 === 0
    ? new Uint32Array(sector.buffer, sector.byteOffset, sectorBytes / 4)
    : undefined;

function padded(bytes: Uint8Array, lengthBytes: number): Uint8Array {
  const copy = new Uint8Array(lengthBytes);
  copy.set(bytes.subarray(0, lengthBytes));
  return copy;
}
