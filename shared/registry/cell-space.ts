import type { Hive } from './hive.ts';
import type { HiveImage } from './hive-image.ts';
import { bin as field, baseBlockBytes, binAlignment, binHeaderBytes, hbinSignature } from './layout.ts';

/** Cell offsets from here on are those of volatile keys, which no file holds. */
const mostBinsBytes = 0x80000000;

/** The free cells of a hive image: gives cells out, takes them back, and adds a bin when none is large enough. */
export class CellSpace {
  readonly #image: HiveImage;
  #binsSizeBytes: number;
  /** Cell offsets and sizes of free cells, and where each of them ends. */
  readonly #sizes = new Map<number, number>();
  readonly #starts = new Map<number, number>();

  private constructor(image: HiveImage, binsSizeBytes: number) {
    this.#image = image;
    this.#binsSizeBytes = binsSizeBytes;
  }

  /** Lists the free cells of a hive; undefined when its bins or cells are broken. */
  static of(image: HiveImage, hive: Hive): CellSpace | undefined {
    const { binsSizeBytes } = hive.baseBlock;
    const space = new CellSpace(image, binsSizeBytes);
    let end = baseBlockBytes;
    for (const bin of hive.cells.bins()) {
      end = bin.offset + bin.sizeBytes;
      let at = bin.offset + binHeaderBytes;
      for (const { cell, sizeBytes, allocated } of hive.cells.cellsOf(bin)) {
        if (!allocated) space.#note(cell, sizeBytes);
        at += sizeBytes;
      }
      if (at !== end) return undefined;
    }
    return end === baseBlockBytes + binsSizeBytes ? space : undefined;
  }

  get binsSizeBytes(): number {
    return this.#binsSizeBytes;
  }

  /** Allocates a cell that holds so many bytes of data; undefined when the hive is as large as one can be. */
  allocate(dataBytes: number): number | undefined {
    const needed = Math.ceil((dataBytes + 4) / 8) * 8;
    const cell = this.#smallest(needed) ?? this.#addBin(needed);
    if (cell === undefined) return undefined;
    const sizeBytes = this.#sizes.get(cell)!;
    this.#forget(cell);
    this.#image.setU32(baseBlockBytes + cell, -needed >>> 0);
    if (sizeBytes > needed) this.#putFree(cell + needed, sizeBytes - needed);
    return cell;
  }

  /** Frees a cell, joined with free neighbours as Windows does. */
  free(cell: number): void {
    let start = cell;
    let sizeBytes = -(this.#image.u32(baseBlockBytes + cell) | 0);
    const after = this.#sizes.get(cell + sizeBytes);
    if (after !== undefined) {
      this.#forget(cell + sizeBytes);
      sizeBytes += after;
    }
    const before = this.#starts.get(cell);
    if (before !== undefined) {
      sizeBytes += this.#sizes.get(before)!;
      this.#forget(before);
      start = before;
    }
    this.#putFree(start, sizeBytes);
  }

  #smallest(needed: number): number | undefined {
    let best: number | undefined;
    let bestSize = Infinity;
    for (const [cell, sizeBytes] of this.#sizes) {
      if (sizeBytes < needed || sizeBytes >= bestSize) continue;
      best = cell;
      bestSize = sizeBytes;
    }
    return best;
  }

  #addBin(needed: number): number | undefined {
    const start = this.#binsSizeBytes;
    const sizeBytes = Math.ceil((needed + binHeaderBytes) / binAlignment) * binAlignment;
    if (start + sizeBytes > mostBinsBytes) return undefined;
    const header = new Uint8Array(sizeBytes);
    const view = new DataView(header.buffer);
    view.setUint32(0, hbinSignature, true);
    view.setUint32(field.offset, start, true);
    view.setUint32(field.size, sizeBytes, true);
    this.#image.write(baseBlockBytes + start, header);
    this.#binsSizeBytes += sizeBytes;
    this.#putFree(start + binHeaderBytes, sizeBytes - binHeaderBytes);
    return start + binHeaderBytes;
  }

  #putFree(cell: number, sizeBytes: number): void {
    this.#image.setU32(baseBlockBytes + cell, sizeBytes);
    this.#note(cell, sizeBytes);
  }

  #note(cell: number, sizeBytes: number): void {
    this.#sizes.set(cell, sizeBytes);
    this.#starts.set(cell + sizeBytes, cell);
  }

  #forget(cell: number): void {
    this.#starts.delete(cell + this.#sizes.get(cell)!);
    this.#sizes.delete(cell);
  }
}
