import type { ByteReader } from '../bytes/byte-reader.ts';
import type { FileOffset, VirtualAddress } from '../bytes/byte-source.ts';
import type { TriageFormat } from './layout.ts';
import type { MissingParts } from './missing-parts.ts';
import { type TriageContents, countEntries } from './triage.ts';
import { type WordBytes, readWord, viewOf, wordOf } from './words.ts';

const maxBlocks = 65536;
/** Blocks overlap now and then; a hostile dump must not make every lookup walk all of them. */
const maxOverlaps = 32;

/** The virtual memory of the crashed machine, as far as a dump holds it. */
export interface Memory {
  /** The bytes at an address; undefined when the dump does not hold all of them. */
  read(address: VirtualAddress, sizeBytes: number): MemoryPiece | undefined;
}

/** Bytes of memory. */
export interface MemoryPiece {
  readonly address: VirtualAddress;
  readonly bytes: Uint8Array;
  /** Pieces of the same origin are views of one run of bytes; pieces of different ones may contradict each other. */
  readonly origin: bigint;
}

/** A machine word at an address. */
export function readPointer(
  memory: Memory,
  address: VirtualAddress,
  wordBytes: WordBytes = 8,
): bigint | undefined {
  const piece = memory.read(address, wordBytes);
  return piece && wordOf(viewOf(piece.bytes), 0, wordBytes);
}

/** A memory that holds nothing. */
export const noMemory: Memory = { read: () => undefined };

/** Remembers which pieces of a memory were read: what an extract has to keep. */
export class WatchedMemory implements Memory {
  readonly touched: MemoryPiece[] = [];
  readonly #memory: Memory;

  constructor(memory: Memory) {
    this.#memory = memory;
  }

  read(address: VirtualAddress, sizeBytes: number): MemoryPiece | undefined {
    const piece = this.#memory.read(address, sizeBytes);
    if (piece) this.touched.push(piece);
    return piece;
  }
}

interface MemoryRange {
  readonly address: VirtualAddress;
  readonly offset: FileOffset;
  readonly sizeBytes: number;
}

/** The memory of a triage dump: its call stack, its data page and its data blocks. */
class BlockMemory implements Memory {
  readonly #reader: ByteReader;
  readonly #ranges: readonly MemoryRange[];

  constructor(reader: ByteReader, ranges: readonly MemoryRange[]) {
    this.#reader = reader;
    this.#ranges = [...ranges].sort((a, b) => (a.address < b.address ? -1 : a.address > b.address ? 1 : 0));
  }

  read(address: VirtualAddress, sizeBytes: number): MemoryPiece | undefined {
    let [low, high] = [0, this.#ranges.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#ranges[middle]!.address <= address) low = middle + 1;
      else high = middle;
    }
    for (let at = low - 1; at >= Math.max(0, low - maxOverlaps); at--) {
      const range = this.#ranges[at]!;
      const into = address - range.address;
      if (into + BigInt(sizeBytes) > BigInt(range.sizeBytes)) continue;
      const bytes = this.#reader.bytes(range.offset + Number(into), sizeBytes);
      return bytes && { address, bytes, origin: BigInt(range.offset) - range.address };
    }
    return undefined;
  }
}

/** Reads the table of data blocks; a block outside of the file is left out and named. */
export function readBlocks(
  reader: ByteReader,
  format: TriageFormat,
  triage: TriageContents,
  missing: MissingParts,
): Memory {
  const { block, addressBytes } = format;
  const ranges: MemoryRange[] = [
    { address: triage.topOfStack, offset: triage.callStackOffset, sizeBytes: triage.sizeOfCallStack },
  ];
  if (triage.dataPageSize > 0) {
    const { dataPageAddress, dataPageOffset, dataPageSize } = triage;
    ranges.push({ address: dataPageAddress, offset: dataPageOffset, sizeBytes: dataPageSize });
  }
  const offset = triage.dataBlocksOffset;
  const list = { what: 'data blocks', offset, count: triage.dataBlocksCount, entryBytes: block.sizeBytes };
  const count = countEntries(reader, format, { ...list, most: maxBlocks }, missing);
  let outside = 0;
  for (let at = offset; at < offset + count * block.sizeBytes; at += block.sizeBytes) {
    const range = {
      address: readWord(reader, at + block.address, addressBytes) ?? 0n,
      offset: reader.u32(at + block.fileOffset) ?? 0,
      sizeBytes: reader.u32(at + block.length) ?? 0,
    };
    if (reader.holds(range.offset, range.sizeBytes)) ranges.push(range);
    else if (outside++ === 0) {
      const message = `a block of ${range.sizeBytes} bytes should stand at ${range.offset}, which is outside of the file`;
      missing.add('out-of-file', 'data block', message, at);
    }
  }
  return new BlockMemory(reader, ranges);
}
