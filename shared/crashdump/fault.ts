import type { VirtualAddress } from '../bytes/byte-source.ts';
import type { BugcheckReading } from './bugcheck.ts';
import type { Fault } from './crash-dump.ts';
import type { DumpHeader } from './header.ts';
import * as layout from './layout.ts';
import { type Memory, readPointer } from './memory.ts';
import { viewOf } from './words.ts';

/** The saved bytes of the kernel stack; the first one stands at `address`. */
export interface SavedStack {
  readonly address: VirtualAddress;
  readonly bytes: Uint8Array;
}

/** What the processor pushed when it met an exception: where it was, and where the stack was. */
export interface MachineFrame {
  readonly instruction: VirtualAddress;
  readonly stackPointer: VirtualAddress;
}

/** Where it happened, before the address is mapped to a module. */
export interface FaultPlace {
  readonly address: VirtualAddress;
  readonly from: Fault['from'];
}

const kernelCodeSegment = 0x10n;
const stackSegments: readonly bigint[] = [0n, 0x18n, 0x2bn];
const lowestKernelAddress = 0xffff800000000000n;
/** Bit 1 of the flags register is always set, and nothing above bit 21 ever is. */
const flagsAlwaysSet = 2n;
const flagsLimit = 0x400000n;

/** Kernel machine frames of an x64 stack, innermost first: five words that fit each other as only the processor writes them. */
export function findMachineFrames(stack: SavedStack): MachineFrame[] {
  const view = viewOf(stack.bytes);
  const frames: MachineFrame[] = [];
  for (let at = 0; at + 40 <= stack.bytes.length; at += 8) {
    if (view.getBigUint64(at + 8, true) !== kernelCodeSegment) continue;
    const frame = machineFrameAt(view, at);
    if (frame) frames.push(frame);
  }
  return frames;
}

function machineFrameAt(view: DataView, at: number): MachineFrame | undefined {
  const [instruction, segment, flags, stackPointer, stackSegment] = [0, 8, 16, 24, 32].map(word =>
    view.getBigUint64(at + word, true),
  ) as [bigint, bigint, bigint, bigint, bigint];
  const plausible =
    segment === kernelCodeSegment &&
    stackSegments.includes(stackSegment) &&
    (flags & flagsAlwaysSet) !== 0n &&
    flags < flagsLimit &&
    stackPointer >= lowestKernelAddress;
  return plausible ? { instruction, stackPointer } : undefined;
}

/** Where the processor was when the fault happened, as far as something saved it. */
export interface FaultFrame extends MachineFrame {
  readonly from: 'machine-frame' | 'context-record';
  /** Whether the bugcheck itself points at it; else it is the innermost that the stack shows. */
  readonly isPointedAt: boolean;
}

/**
 * Finds the frame of the fault: the one the bugcheck points at, else the one on the stack that agrees with it, else
 * the context it tells of, else the innermost on the stack.
 */
export function findFaultFrame(
  header: DumpHeader,
  bugcheck: BugcheckReading,
  stack: SavedStack | undefined,
  memory: Memory,
): FaultFrame | undefined {
  if (header.architecture !== 'x64') return undefined;
  const trapFrame = bugcheck.parameter(bugcheck.knowledge?.trapFrame);
  const pushed = trapFrame && memory.read(trapFrame + BigInt(layout.trapFrameX64.machineFrame), 40);
  const pointedAt = pushed && machineFrameAt(viewOf(pushed.bytes), 0);
  if (pointedAt) return { ...pointedAt, from: 'machine-frame', isPointedAt: true };
  const frames = stack ? findMachineFrames(stack) : [];
  const told = bugcheck.parameter(bugcheck.knowledge?.instruction);
  const agreeing = frames.find(frame => frame.instruction === told);
  if (agreeing) return { ...agreeing, from: 'machine-frame', isPointedAt: true };
  const context = bugcheck.parameter(bugcheck.knowledge?.contextRecord);
  const saved = context ? readContextRecord(memory, context) : undefined;
  if (saved) return { ...saved, from: 'context-record', isPointedAt: true };
  return frames[0] && { ...frames[0], from: 'machine-frame', isPointedAt: false };
}

function readContextRecord(memory: Memory, context: VirtualAddress): MachineFrame | undefined {
  const instruction = readPointer(memory, context + BigInt(layout.contextX64.rip));
  const stackPointer = readPointer(memory, context + BigInt(layout.contextX64.rsp));
  if (!instruction || stackPointer === undefined || stackPointer < lowestKernelAddress) return undefined;
  return { instruction, stackPointer };
}

/**
 * Where it happened. The header's own context comes last: mostly it only shows Windows stopping itself, which is told
 * by `from`.
 */
export function findFault(
  header: DumpHeader,
  bugcheck: BugcheckReading,
  frame: FaultFrame | undefined,
  memory: Memory,
): FaultPlace | undefined {
  const told = bugcheck.parameter(bugcheck.knowledge?.instruction);
  if (told) return { address: told, from: 'bugcheck-parameter' };
  if (frame?.isPointedAt === true && frame.from === 'machine-frame')
    return { address: frame.instruction, from: frame.from };
  const { addressBytes } = header.layout;
  const record = bugcheck.parameter(bugcheck.knowledge?.exceptionRecord);
  const addressAt = addressBytes === 8 ? layout.exceptionRecord64.address : layout.exceptionRecord32.address;
  const raised = record ? readPointer(memory, record + BigInt(addressAt), addressBytes) : undefined;
  if (raised) return { address: raised, from: 'exception-record' };
  if (frame) return { address: frame.instruction, from: frame.from };
  const context = bugcheck.parameter(bugcheck.knowledge?.contextRecord);
  const saved = context
    ? readPointer(memory, context + BigInt(instructionPlaces[header.architecture]), addressBytes)
    : undefined;
  if (saved) return { address: saved, from: 'context-record' };
  return header.context && { address: header.context.instruction, from: 'header-context' };
}

const instructionPlaces: Readonly<Record<DumpHeader['architecture'], number>> = {
  x64: layout.contextX64.rip,
  x86: layout.contextX86.eip,
  arm64: layout.contextArm64.pc,
  unknown: layout.contextX64.rip,
};
