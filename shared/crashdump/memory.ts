import type { ByteReader } from '../bytes/byte-reader.ts';
import type { FileOffset, VirtualAddress } from '../bytes/byte-source.ts';
import { dataBlock } from './layout.ts';
import type { MissingParts } from './missing-parts.ts';
import { type TriageContents, countEntries } from './triage.ts';

const maxBlocks = 65536;
/** Blocks overlap now and then; a hostile dump must not make every lookup walk all of them. */
const maxOverlaps = 32;

/** A range of the crashed machine's memory and where its bytes stand in the file. */
export interface MemoryRange {
  readonly address: VirtualAddress;
  readonly offset: FileOffset;
  readonly sizeBytes: number;
}

/** The virtual memory that a triage dump holds: its call stack, its data page and its data blocks. */
export class DumpMemory {
  /** Ranges that were read, each once, in order: what an extract has to keep. */
  readonly touched: MemoryRange[] = [];
  readonly #reader: ByteReader;
  readonly #ranges: readonly MemoryRange[];

  constructor(reader: ByteReader, ranges: readonly MemoryRange[]) {
    this.#reader = reader;
    this.#ranges = [...ranges].sort((a, b) => (a.address < b.address ? -1 : a.address > b.address ? 1 : 0));
  }

  /** The bytes at an address; undefined when the dump does not hold all of them in one range. */
  read(address: VirtualAddress, sizeBytes: number): Uint8Array | undefined {
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
      const offset = range.offset + Number(into);
      const bytes = this.#reader.bytes(offset, sizeBytes);
      if (bytes) this.touched.push({ address, offset, sizeBytes });
      return bytes;
    }
    return undefined;
  }

  readU64(address: VirtualAddress): bigint | undefined {
    const bytes = this.read(address, 8);
    return bytes && new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true);
  }
}

/** Reads the table of data blocks; a block outside of the file is left out and named. */
export function readMemory(reader: ByteReader, triage: TriageContents, missing: MissingParts): DumpMemory {
  const ranges: MemoryRange[] = [
    { address: triage.topOfStack, offset: triage.callStackOffset, sizeBytes: triage.sizeOfCallStack },
  ];
  if (triage.dataPageSize > 0) {
    const { dataPageAddress, dataPageOffset, dataPageSize } = triage;
    ranges.push({ address: dataPageAddress, offset: dataPageOffset, sizeBytes: dataPageSize });
  }
  const offset = triage.dataBlocksOffset;
  const list = {
    what: 'data blocks',
    offset,
    count: triage.dataBlocksCount,
    entryBytes: dataBlock.sizeBytes,
  };
  const count = countEntries(reader, { ...list, most: maxBlocks }, missing);
  let outside = 0;
  for (let at = offset; at < offset + count * dataBlock.sizeBytes; at += dataBlock.sizeBytes) {
    const range = {
      address: reader.u64(at + dataBlock.address) ?? 0n,
      offset: reader.u32(at + dataBlock.fileOffset) ?? 0,
      sizeBytes: reader.u32(at + dataBlock.length) ?? 0,
    };
    if (reader.holds(range.offset, range.sizeBytes)) ranges.push(range);
    else if (outside++ === 0) {
      const message = `a block of ${range.sizeBytes} bytes should stand at ${range.offset}, which is outside of the file`;
      missing.add('out-of-file', 'data block', message, at);
    }
  }
  return new DumpMemory(reader, ranges);
}
