import type { FileOffset, VirtualAddress } from '../bytes/byte-source.ts';
import type { BugcheckReading } from './bugcheck.ts';
import type { Fault } from './crash-dump.ts';
import type { DumpHeader } from './header.ts';
import { contextArm64, contextX64, exceptionRecord64, trapFrameX64 } from './layout.ts';
import type { DumpMemory } from './memory.ts';

/** The saved bytes of the kernel stack; the first one stands at `address`. */
export interface SavedStack {
  readonly address: VirtualAddress;
  readonly offset: FileOffset;
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

/** The machine frame of the fault: the one the bugcheck points at, else the one that agrees with it, else the innermost. */
export function findFaultFrame(
  header: DumpHeader,
  bugcheck: BugcheckReading,
  stack: SavedStack | undefined,
  memory: DumpMemory,
): MachineFrame | undefined {
  if (header.architecture !== 'x64') return undefined;
  const trapFrame = bugcheck.parameter(bugcheck.knowledge?.trapFrame);
  const pushed = trapFrame && memory.read(trapFrame + BigInt(trapFrameX64.machineFrame), 40);
  const pointedAt = pushed && machineFrameAt(viewOf(pushed), 0);
  if (pointedAt) return pointedAt;
  const frames = stack ? findMachineFrames(stack) : [];
  const told = bugcheck.parameter(bugcheck.knowledge?.instruction);
  return frames.find(frame => frame.instruction === told) ?? frames[0];
}

/**
 * Where it happened. The header's own context comes last: mostly it only shows Windows stopping itself, which is told
 * by `from`.
 */
export function findFault(
  header: DumpHeader,
  bugcheck: BugcheckReading,
  frame: MachineFrame | undefined,
  memory: DumpMemory,
): FaultPlace | undefined {
  const told = bugcheck.parameter(bugcheck.knowledge?.instruction);
  if (told) return { address: told, from: 'bugcheck-parameter' };
  if (frame) return { address: frame.instruction, from: 'machine-frame' };
  const record = bugcheck.parameter(bugcheck.knowledge?.exceptionRecord);
  const raised = record && memory.readU64(record + BigInt(exceptionRecord64.address));
  if (raised) return { address: raised, from: 'exception-record' };
  const instructionAt = header.architecture === 'arm64' ? contextArm64.pc : contextX64.rip;
  const context = bugcheck.parameter(bugcheck.knowledge?.contextRecord);
  const saved = context && memory.readU64(context + BigInt(instructionAt));
  if (saved) return { address: saved, from: 'context-record' };
  return header.context && { address: header.context.instruction, from: 'header-context' };
}

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
