import type { VirtualAddress } from '../bytes/byte-source.ts';
import { debuggerData as places } from './layout.ts';
import { type Memory, readPointer } from './memory.ts';
import { viewOf } from './words.ts';

/** The block in which Windows tells debuggers where its variables and fields are. */
export class DebuggerData {
  readonly bytes: Uint8Array;
  readonly #memory: Memory;
  readonly #view: DataView;

  constructor(bytes: Uint8Array, memory: Memory) {
    this.bytes = bytes;
    this.#memory = memory;
    this.#view = viewOf(bytes);
  }

  /** Whether the block is readable as it stands: memory images of Windows 8 and later keep it encoded. */
  get isPlain(): boolean {
    return this.#view.getUint32(places.tag, true) === places.tagValue;
  }

  u16(at: number): number {
    return this.#view.getUint16(at, true);
  }

  address(at: number): VirtualAddress {
    return this.#view.getBigUint64(at, true);
  }

  /** The value of the variable whose address stands at `at`. */
  variable(at: number): bigint | undefined {
    return readPointer(this.#memory, this.address(at));
  }
}

/** Reads the block where the header says it is; undefined when the dump does not hold it. */
export function readDebuggerData(memory: Memory, address: VirtualAddress): DebuggerData | undefined {
  const piece = address === 0n ? undefined : memory.read(address, places.sizeBytes);
  return piece && new DebuggerData(piece.bytes, memory);
}
