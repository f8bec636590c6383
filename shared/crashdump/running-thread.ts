import type { VirtualAddress } from '../bytes/byte-source.ts';
import type { DebuggerData } from './debugger-data.ts';
import type { DumpHeader } from './header.ts';
import { contextX64, debuggerData as places, largestStackBytes } from './layout.ts';
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
 * Finds the thread that crashed. The header does not tell its processor: it is the one that has saved the header's
 * stack pointer, or whose thread has the stack it points into. Real dumps of 0x7E have the registers of the fault in
 * the header and those of the stop in the processor's block, so that only the second holds.
 */
export function findRunningThread(
  memory: Memory,
  header: DumpHeader,
  data: DebuggerData,
): RunningThread | undefined {
  const blocks = data.address(places.processorBlock);
  const count = Math.min(header.processors ?? 0, maxProcessors);
  const stackPointer = header.context?.stackPointer;
  for (let index = 0; index < count; index++) {
    const processor = readPointer(memory, blocks + BigInt(index * 8));
    const thread = processor === undefined ? undefined : readThread(memory, data, processor);
    if (processor === undefined || !thread) continue;
    const left = stackPointer === undefined ? 0n : thread.initialStack - stackPointer;
    const isOnItsStack = left > 0n && left <= BigInt(largestStackBytes);
    if (isOnItsStack || stackPointer === savedStackPointer(memory, data, processor)) return thread;
  }
  return undefined;
}

function readThread(
  memory: Memory,
  data: DebuggerData,
  processor: VirtualAddress,
): RunningThread | undefined {
  const thread = readPointer(memory, processor + BigInt(data.u16(places.offsetProcessorThread)));
  if (thread === undefined) return undefined;
  const process = readPointer(memory, thread + BigInt(data.u16(places.offsetThreadProcess)));
  const initialStack = readPointer(memory, thread + BigInt(data.u16(places.offsetThreadInitialStack)));
  if (process === undefined || initialStack === undefined) return undefined;
  return { process, initialStack, processBytes: data.u16(places.sizeOfProcess) };
}

function savedStackPointer(
  memory: Memory,
  data: DebuggerData,
  processor: VirtualAddress,
): VirtualAddress | undefined {
  const context = readPointer(memory, processor + BigInt(data.u16(places.offsetProcessorContext)));
  return context === undefined ? undefined : readPointer(memory, context + BigInt(contextX64.rsp));
}
