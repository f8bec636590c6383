import type { ByteReader } from '../bytes/byte-reader.ts';
import type { FileOffset } from '../bytes/byte-source.ts';
import type { HiveProblemCode, HiveProblems, HiveStructure } from './hive-problem.ts';
import { bin as binField, baseBlockBytes, binAlignment, binHeaderBytes, hbinSignature } from './layout.ts';

/** An allocated cell: where its data starts in the file and how many bytes it holds. */
export interface Cell {
  /** Cell offset: from the first bin, as records name it. */
  readonly cell: number;
  readonly offset: FileOffset;
  readonly sizeBytes: number;
}

/** A bin by its place in the file. */
export interface Bin {
  readonly offset: FileOffset;
  readonly sizeBytes: number;
}

/** A cell as the bins list it, with its size field. */
export interface ListedCell {
  readonly cell: number;
  /** With the 4 bytes of the size field. */
  readonly sizeBytes: number;
  readonly allocated: boolean;
}

const noOwner = -1;
/** Owners of cells that several records may lead to, but only as what they are. */
export const sharedAs = { keyNode: -2, security: -3 } as const;

/**
 * Follows cell offsets into the bins of a hive; what does not lead to an allocated cell is a problem. Cells never
 * overlap in an honest hive, so all cells that were ever given out fit into the bins: a hive that is made to cost
 * more time or memory than its size allows is cut short there.
 */
export class HiveCells {
  readonly reader: ByteReader;
  readonly problems: HiveProblems;
  /** End of the bins in the file. */
  readonly end: FileOffset;
  readonly #owners = new Map<number, number>();
  #givenBytes = 0;

  constructor(reader: ByteReader, binsSizeBytes: number, problems: HiveProblems) {
    this.reader = reader;
    this.problems = problems;
    this.end = Math.min(reader.sizeBytes, baseBlockBytes + binsSizeBytes);
  }

  /** The allocated cell at a cell offset, with at least `leastBytes` of data; `structure` says what is expected there. */
  find(cell: number, leastBytes: number, structure: HiveStructure): Cell | undefined {
    const start = baseBlockBytes + cell;
    if (cell % 8 !== 0) {
      return this.fail('cell-misaligned', `cell offset ${cell} is no multiple of 8`, start, structure);
    }
    const size = cell >= binHeaderBytes && start + 4 <= this.end ? this.reader.u32(start) : undefined;
    if (size === undefined) {
      const message = `cell offset ${cell} leads out of the bins, which end at ${this.end - baseBlockBytes}`;
      return this.fail('cell-out-of-range', message, start, structure);
    }
    const signed = size | 0;
    if (signed >= 0) return this.fail('cell-free', `the cell at ${cell} is not allocated`, start, structure);
    if (start - signed > this.end) {
      const message = `the cell at ${cell} is told to have ${-signed} bytes, more than the bins hold behind it`;
      return this.fail('cell-broken', message, start, structure);
    }
    if (-signed - 4 < leastBytes) {
      const message = `the cell at ${cell} holds ${-signed - 4} bytes; a ${structure} needs ${leastBytes}`;
      return this.fail('cell-broken', message, start, structure);
    }
    if (!this.#owners.has(cell)) {
      if (this.#givenBytes - signed > this.end - baseBlockBytes) {
        return this.fail('cell-shared', `the cell at ${cell} overlaps other cells`, start, structure);
      }
      this.#givenBytes -= signed;
      this.#owners.set(cell, noOwner);
    }
    return { cell, offset: start + 4, sizeBytes: -signed - 4 };
  }

  /** Makes a record the only owner of a cell that only one may have; false when another record has it. */
  claim(cell: Cell, owner: number, structure: HiveStructure): boolean {
    const known = this.#owners.get(cell.cell) ?? noOwner;
    if (known === noOwner) this.#owners.set(cell.cell, owner);
    else if (known !== owner) {
      const whose = known < 0 ? 'is a key or security record' : `belongs to the record at ${known}`;
      const message = `the cell at ${cell.cell} ${whose} already`;
      this.fail('cell-shared', message, cell.offset, structure);
      return false;
    }
    return true;
  }

  fail(code: HiveProblemCode, message: string, offset: FileOffset, structure: HiveStructure): undefined {
    this.problems.add({ code, message, offset, structure });
  }

  /** Every cell that a record led to so far. */
  get given(): Iterable<number> {
    return this.#owners.keys();
  }

  /** The bins one after another, up to the first that is broken. */
  *bins(): Generator<Bin> {
    for (let offset = baseBlockBytes; offset < this.end;) {
      const [signature, told, size] = [0, binField.offset, binField.size].map(at =>
        this.reader.u32(offset + at),
      );
      const broken =
        signature !== hbinSignature ||
        told !== offset - baseBlockBytes ||
        size === undefined ||
        size < binAlignment ||
        size % binAlignment !== 0 ||
        offset + size > this.end;
      if (broken) {
        const message = `no hive bin with the right offset and a size that fits stands at ${offset}`;
        this.fail('bin-broken', message, offset, 'hive-bin');
        return;
      }
      yield { offset, sizeBytes: size };
      offset += size;
    }
  }

  /** The cells of a bin one after another, up to the first that is broken. */
  *cellsOf(bin: Bin): Generator<ListedCell> {
    const end = bin.offset + bin.sizeBytes;
    for (let at = bin.offset + binHeaderBytes; at < end;) {
      const signed = (this.reader.u32(at) ?? 0) | 0;
      const sizeBytes = Math.abs(signed);
      if (sizeBytes < 8 || sizeBytes % 8 !== 0 || at + sizeBytes > end) {
        const message = `a cell of ${sizeBytes} bytes does not fit into its bin, which has ${end - at} left`;
        this.fail('cell-broken', message, at, 'cell');
        return;
      }
      yield { cell: at - baseBlockBytes, sizeBytes, allocated: signed < 0 };
      at += sizeBytes;
    }
  }
}
