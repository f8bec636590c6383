import type { ByteReader } from '../bytes/byte-reader.ts';
import type { VirtualAddress } from '../bytes/byte-source.ts';
import type { StackFrame } from './crash-dump.ts';
import type { FaultPlace, SavedStack } from './fault.ts';
import type { DumpHeader } from './header.ts';
import { pageBytes } from './layout.ts';
import type { Memory } from './memory.ts';
import type { MissingParts } from './missing-parts.ts';
import type { ModuleMap, ModulePlace } from './modules.ts';
import type { TriageContents } from './triage.ts';
import { type WordBytes, viewOf, wordOf } from './words.ts';

const maxStackBytes = 128 * 1024;
const maxFrames = 256;
/** The first page of a module holds its headers and no code. */
const firstCodeOffset = 0x1000n;

/** A stack word that leads into a module, or the fault itself, which stands on no stack. */
export interface Frame {
  readonly address: VirtualAddress;
  readonly at: VirtualAddress | undefined;
  readonly place: ModulePlace | undefined;
  readonly certainty: StackFrame['certainty'];
}

/** Reads the saved part of the kernel stack, as much as the file holds. */
export function readSavedStack(
  reader: ByteReader,
  triage: TriageContents,
  missing: MissingParts,
): SavedStack | undefined {
  const offset = triage.callStackOffset;
  const held = Math.min(triage.sizeOfCallStack, maxStackBytes, reader.sizeBytes - offset);
  if (held < triage.sizeOfCallStack) {
    const message = `of ${triage.sizeOfCallStack} bytes of call stack at ${offset}, ${Math.max(held, 0)} are read`;
    missing.add(held === maxStackBytes ? 'too-many' : 'cut-off', 'call stack', message, offset);
  }
  const bytes = offset > 0 && held > 0 ? reader.bytes(offset, held) : undefined;
  if (!bytes && offset > 0 && held > 0) {
    const message = `the call stack at ${offset} is there, but could not be read`;
    missing.add('unreadable', 'call stack', message, offset);
  }
  return bytes && { address: triage.topOfStack, bytes };
}

/** Kernel stacks of x64 Windows have 24 kB unless a driver asked for a larger one. */
export const ordinaryStackBytes = 24 * 1024;

/** Reads a stack out of memory, from a stack pointer upwards, up to the first page that is not there. */
export function readStackAt(
  memory: Memory,
  pointer: VirtualAddress,
  sizeBytes: number,
): SavedStack | undefined {
  const wanted = Math.min(sizeBytes, maxStackBytes) & ~7;
  const address = pointer & ~7n;
  const pieces: Uint8Array[] = [];
  let read = 0;
  while (read < wanted) {
    const at = address + BigInt(read);
    const piece = memory.read(at, Math.min(wanted - read, pageBytes - Number(at & 0xfffn)));
    if (!piece) break;
    pieces.push(piece.bytes);
    read += piece.bytes.length;
  }
  if (read === 0) return undefined;
  const bytes = new Uint8Array(read);
  let end = 0;
  for (const piece of pieces) {
    bytes.set(piece, end);
    end += piece.length;
  }
  return { address, bytes };
}

/** Whether a saved stack reaches to an address. */
export const holdsAddress = (stack: SavedStack, address: VirtualAddress): boolean =>
  address >= stack.address && address < stack.address + BigInt(stack.bytes.length);

/**
 * Collects the frames of the crash, innermost first. Without unwind data, which no triage dump holds, every word of an
 * x64 stack that leads into a module may be a return address: all true ones are found, among others that are not.
 */
export function scanStack(
  stack: SavedStack,
  from: VirtualAddress | undefined,
  map: ModuleMap,
  memory: Memory,
  wordBytes: WordBytes = 8,
): Frame[] {
  const isInside = from !== undefined && holdsAddress(stack, from);
  const start = isInside ? (Number(from - stack.address) + wordBytes - 1) & -wordBytes : 0;
  const view = viewOf(stack.bytes);
  const frames: Frame[] = [];
  const [upperHalfAt, lowestUpperHalf] = wordBytes === 8 ? [4, 0xffff8000] : [0, 0x80000000];
  for (let at = start; at + wordBytes <= stack.bytes.length && frames.length < maxFrames; at += wordBytes) {
    // Nearly all words are no kernel addresses; their upper half tells without making a 64-bit value of them.
    if (view.getUint32(at + upperHalfAt, true) < lowestUpperHalf) continue;
    const address = wordOf(view, at, wordBytes);
    const place = map.find(address);
    if (!place || place.offset < firstCodeOffset) continue;
    const certainty = isAfterCall(address, memory) === false ? 'unlikely' : 'possible';
    frames.push({ address, at: BigInt.asUintN(64, stack.address + BigInt(at)), place, certainty });
  }
  return frames;
}

/** Follows the chain of frame pointers that arm64 Windows keeps; it ends where the saved stack does. */
export function followFrames(header: DumpHeader, stack: SavedStack, map: ModuleMap): Frame[] {
  const view = viewOf(stack.bytes);
  const frames: Frame[] = [];
  let pointer = header.context?.framePointer ?? 0n;
  while (frames.length < maxFrames) {
    const into = pointer - stack.address;
    if (into < 0n || into + 16n > BigInt(stack.bytes.length)) break;
    const address = withoutAuthentication(view.getBigUint64(Number(into) + 8, true));
    const next = view.getBigUint64(Number(into), true);
    if (address === 0n) break;
    frames.push({ address, at: pointer, place: map.find(address), certainty: 'certain' });
    // The stack grows down, so the chain only ever goes up; anything else is damage or a loop.
    if (next <= pointer) break;
    pointer = next;
  }
  return frames;
}

/** Kernel pointers have all upper bits set; signed return addresses keep a signature there, bit 55 tells the half. */
const withoutAuthentication = (address: bigint) =>
  (address >> 55n) & 1n ? address | 0xffff000000000000n : address;

const longestCallBytes = 7;

/** Whether the code before a return address is a call; undefined when the dump does not hold that code. */
function isAfterCall(address: VirtualAddress, memory: Memory): boolean | undefined {
  const code = memory.read(address - BigInt(longestCallBytes), longestCallBytes)?.bytes;
  if (!code) return undefined;
  if (code[2] === 0xe8) return true;
  for (let lengthBytes = 2; lengthBytes <= longestCallBytes; lengthBytes++) {
    const at = longestCallBytes - lengthBytes;
    if (code[at] === 0xff && indirectCallBytes(code[at + 1]!, code[at + 2] ?? 0) === lengthBytes) return true;
  }
  return false;
}

/** Length of `call` through a register or memory by its ModRM byte; 0 for another instruction. */
function indirectCallBytes(modRm: number, scale: number): number {
  if (((modRm >> 3) & 7) !== 2) return 0;
  const [mode, register] = [modRm >> 6, modRm & 7];
  if (mode === 3) return 2;
  const scaleBytes = register === 4 ? 1 : 0;
  const relative = mode === 0 && (register === 5 || (register === 4 && (scale & 7) === 5));
  const offsetBytes = mode === 1 ? 1 : mode === 2 || relative ? 4 : 0;
  return 2 + scaleBytes + offsetBytes;
}

/** The fault as the innermost frame. */
export const faultFrame = (fault: FaultPlace, map: ModuleMap): Frame => ({
  address: fault.address,
  at: undefined,
  place: map.find(fault.address),
  certainty: 'certain',
});
