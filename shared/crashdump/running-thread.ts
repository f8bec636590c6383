import type { VirtualAddress } from '../bytes/byte-source.ts';
import type { DebuggerData } from './debugger-data.ts';
import type { DumpHeader } from './header.ts';
import { contextX64, debuggerData as places } from './layout.ts';
import { type Memory, readPointer } from './memory.ts';

const maxProcessors = 1024;

/** The thread that was running on the processor that stopped Windows. */
export interface RunningThread {
  readonly process: VirtualAddress;
  readonly processBytes: number;
  /** Where its stack begins; it grows down from there. */
  readonly initialStack: VirtualAddress;
}

/**
 * Finds the thread that crashed. The header does not tell its processor, but its registers are those that one of the
 * processors has saved.
 */
export function findRunningThread(
  memory: Memory,
  header: DumpHeader,
  data: DebuggerData,
): RunningThread | undefined {
  const blocks = data.address(places.processorBlock);
  const count = Math.min(header.processors ?? 0, maxProcessors);
  for (let index = 0; index < count; index++) {
    const processor = readPointer(memory, blocks + BigInt(index * 8));
    if (processor === undefined || processor === 0n) continue;
    if (count > 1 && !isOfHeader(memory, header, data, processor)) continue;
    const thread = readPointer(memory, processor + BigInt(data.u16(places.offsetProcessorThread)));
    if (thread === undefined) return undefined;
    const process = readPointer(memory, thread + BigInt(data.u16(places.offsetThreadProcess)));
    const initialStack = readPointer(memory, thread + BigInt(data.u16(places.offsetThreadInitialStack)));
    if (process === undefined || initialStack === undefined) return undefined;
    return { process, initialStack, processBytes: data.u16(places.sizeOfProcess) };
  }
  return undefined;
}

function isOfHeader(
  memory: Memory,
  header: DumpHeader,
  data: DebuggerData,
  processor: VirtualAddress,
): boolean {
  const context = readPointer(memory, processor + BigInt(data.u16(places.offsetProcessorContext)));
  const saved = context === undefined ? undefined : readPointer(memory, context + BigInt(contextX64.rsp));
  return saved !== undefined && saved === header.context?.stackPointer;
}
