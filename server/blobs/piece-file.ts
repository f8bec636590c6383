import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { BlobDamaged } from './blob-errors.ts';
import type { PiecePlace } from './blob-store.ts';
import {
  headBytes,
  plainSizeOf,
  saltOf,
  SegmentCipher,
  sealedSegmentBytes,
  segmentBytes,
} from './sealed-piece.ts';

/** One sealed piece, open for random access; keeps the segment it read last. */
export class PieceFile {
  readonly offsetBytes: number;
  readonly sizeBytes: number;
  readonly #path: string;
  readonly #fd: number;
  readonly #cipher: SegmentCipher;
  readonly #lastNumber: number;
  readonly #sealedBytes: number;
  #kept: { readonly number: number; readonly plain: Buffer } | undefined;

  constructor(path: string, masterKey: Uint8Array, place: PiecePlace) {
    this.offsetBytes = place.offsetBytes;
    this.#path = path;
    this.#fd = openSync(path, 'r');
    try {
      this.#sealedBytes = fstatSync(this.#fd).size;
      const salt = saltOf(this.#readFile(0, headBytes));
      const sizeBytes = plainSizeOf(this.#sealedBytes);
      if (!salt || sizeBytes === undefined) throw new BlobDamaged(`${path} is not a sealed piece.`);
      this.#cipher = new SegmentCipher(masterKey, salt, place);
      this.sizeBytes = sizeBytes;
      this.#lastNumber = Math.ceil((this.#sealedBytes - headBytes) / sealedSegmentBytes) - 1;
      // Only the true last segment was sealed as the last: this is what tells a piece that was cut off.
      this.#segment(this.#lastNumber);
    } catch (error) {
      closeSync(this.#fd);
      throw error;
    }
  }

  /** Copies plain bytes into `target`; the range lies within the piece. */
  copy(from: number, target: Buffer): void {
    for (let done = 0; done < target.length;) {
      const number = Math.floor((from + done) / segmentBytes);
      const plain = this.#segment(number);
      done += plain.copy(target, done, from + done - number * segmentBytes);
    }
  }

  close(): void {
    closeSync(this.#fd);
  }

  #segment(number: number): Buffer {
    if (this.#kept?.number === number) return this.#kept.plain;
    const start = headBytes + number * sealedSegmentBytes;
    const length = Math.min(sealedSegmentBytes, this.#sealedBytes - start);
    const plain = this.#cipher.open(number, number === this.#lastNumber, this.#readFile(start, length));
    if (!plain) throw new BlobDamaged(`Segment ${number} of ${this.#path} is not what was stored.`);
    this.#kept = { number, plain };
    return plain;
  }

  #readFile(start: number, length: number): Buffer {
    const bytes = Buffer.alloc(length);
    let done = 0;
    while (done < length) {
      const count = readSync(this.#fd, bytes, done, length - done, start + done);
      if (count === 0) break;
      done += count;
    }
    return bytes.subarray(0, done);
  }
}
