import { ByteReader } from '../bytes/byte-reader.ts';
import type { ByteSource } from '../bytes/byte-source.ts';
import { utf16Of } from '../bytes/utf16.ts';
import { type DumpContents, analyzeDump } from './analysis.ts';
import type { CrashDumpProblem } from './crash-dump.ts';
import type { SavedStack } from './fault.ts';
import * as layout from './layout.ts';
import type { MemoryRange } from './memory.ts';
import type { GoneModule, LoadedModule } from './modules.ts';
import type { TriageContents } from './triage.ts';

/** An extract is never larger, so that it fits into one part of a report. */
export const maxExtractBytes = 300_000;

export type ExtractProblem =
  CrashDumpProblem | { readonly code: 'format-not-covered' | 'too-large'; readonly message: string };

export type ExtractResult =
  | { readonly ok: true; readonly bytes: Uint8Array }
  | { readonly ok: false; readonly problem: ExtractProblem };

/**
 * Makes a small triage dump out of a triage dump: header, driver lists, kernel stack, process name and those pieces of
 * memory that the reader looks at. It reads to the same answer and leaves out what may hold secrets or personal data:
 * the other memory, processor and thread blocks, the comment, and the tagged data at the end.
 */
export function makeExtract(source: ByteSource): ExtractResult {
  const reader = new ByteReader(source);
  const analysis = analyzeDump(reader);
  if ('code' in analysis) return { ok: false, problem: analysis };
  const { triage, contents } = analysis;
  const header = reader.bytes(0, layout.header64.sizeBytes);
  if (!triage || !header) {
    const message = `an extract is made of 64-bit triage dumps that hold their table of contents; this is a ${analysis.dump.format} dump`;
    return { ok: false, problem: { code: 'format-not-covered', message } };
  }
  const bytes = writeExtract(reader, contents, triage, header);
  if (bytes.length <= maxExtractBytes) return { ok: true, bytes };
  const message = `the extract would have ${bytes.length} bytes; at most ${maxExtractBytes} are accepted`;
  return { ok: false, problem: { code: 'too-large', message } };
}

function writeExtract(
  reader: ByteReader,
  { modules, unloaded, process, memory, stack }: DumpContents,
  triage: TriageContents,
  header: Uint8Array,
): Uint8Array {
  const pieces = new Pieces();
  pieces.append(withoutPrivateFields(header));
  const contents = new DataView(pieces.append(new Uint8Array(layout.triage64.sizeBytes)).bytes.buffer);
  const set = (field: keyof typeof layout.triage64, value: number) =>
    contents.setUint32(layout.triage64[field], value, true);

  set('contextOffset', triage.contextOffset);
  set('exceptionOffset', triage.exceptionOffset);
  set('triageOptions', triage.triageOptions);
  set('unloadedDriversOffset', pieces.append(unloadedList(unloaded)).offset);
  if (process) {
    const block = new Uint8Array((process.intoProcess + layout.imageFileNameBytes + 8) & ~7);
    block.set(
      Uint8Array.from(process.name, character => character.charCodeAt(0)),
      process.intoProcess,
    );
    const { offset } = pieces.append(block);
    set('processOffset', offset);
    set('threadOffset', offset + block.length);
  }
  if (stack) {
    set('callStackOffset', pieces.append(stack.bytes).offset);
    set('sizeOfCallStack', stack.bytes.length);
  }
  contents.setBigUint64(layout.triage64.topOfStack, triage.topOfStack, true);
  const debuggerData =
    triage.debuggerDataOffset > 0 && reader.bytes(triage.debuggerDataOffset, triage.debuggerDataSize);
  if (debuggerData && debuggerData.length <= maxDebuggerDataBytes) {
    set('debuggerDataOffset', pieces.append(debuggerData).offset);
    set('debuggerDataSize', debuggerData.length);
  }

  const names = pieces.append(namePool(modules));
  set('stringPoolOffset', names.offset);
  set('stringPoolSize', names.bytes.length);
  set('driverListOffset', pieces.append(driverList(modules, names.offset)).offset);
  set('driverCount', modules.length);

  const ranges = merge(memory.touched.filter(range => !isInside(range, stack)));
  const blocks = ranges.map(range => ({
    address: range.address,
    piece: pieces.append(reader.bytes(range.offset, range.sizeBytes) ?? new Uint8Array(0), 1),
  }));
  const table = new DataView(new ArrayBuffer(blocks.length * layout.dataBlock.sizeBytes));
  blocks.forEach(({ address, piece }, index) => {
    const at = index * layout.dataBlock.sizeBytes;
    table.setBigUint64(at + layout.dataBlock.address, address, true);
    table.setUint32(at + layout.dataBlock.fileOffset, piece.offset, true);
    table.setUint32(at + layout.dataBlock.length, piece.bytes.length, true);
  });
  set('dataBlocksOffset', pieces.append(new Uint8Array(table.buffer)).offset);
  set('dataBlocksCount', blocks.length);

  const mark = new DataView(new ArrayBuffer(4));
  mark.setUint32(0, layout.triageEndMark, true);
  const end = pieces.append(new Uint8Array(mark.buffer));
  set('validOffset', end.offset);
  set('sizeOfDump', end.offset + 4);
  return pieces.join();
}

/** KDDEBUGGER_DATA64 has 0x380 bytes today. */
const maxDebuggerDataBytes = 0x1000;

/** The comment and the reserved rest of the header go back to the filler that Windows starts with. */
function withoutPrivateFields(header: Uint8Array): Uint8Array {
  const copy = header.slice();
  const fill = [0x50, 0x41, 0x47, 0x45];
  const clear = (from: number, to: number) => {
    for (let at = from; at < to; at++) copy[at] = fill[at % 4]!;
  };
  clear(layout.header64.comment, layout.header64.comment + layout.commentBytes);
  clear(layout.header64ReservedFrom, layout.header64.sizeBytes);
  return copy;
}

function unloadedList(unloaded: readonly GoneModule[]): Uint8Array {
  const entry = layout.unloadedEntry;
  const list = new Uint8Array(entry.firstAt + unloaded.length * entry.sizeBytes);
  const view = new DataView(list.buffer);
  view.setBigUint64(0, BigInt(unloaded.length), true);
  unloaded.forEach((module, index) => {
    const at = entry.firstAt + index * entry.sizeBytes;
    view.setUint16(at + entry.nameBytes, module.name.length * 2, true);
    list.set(utf16Of(module.name), at + entry.name);
    view.setBigUint64(at + entry.start, module.start, true);
    view.setBigUint64(at + entry.end, module.end, true);
  });
  return list;
}

function namePool(modules: readonly LoadedModule[]): Uint8Array {
  const pool = new Uint8Array(modules.reduce((size, module) => size + poolBytes(module), 0));
  const view = new DataView(pool.buffer);
  let at = 0;
  for (const module of modules) {
    view.setUint32(at, module.path.length, true);
    pool.set(utf16Of(module.path), at + 4);
    at += poolBytes(module);
  }
  return pool;
}

/** Count, characters, NUL, rounded up to eight bytes. */
const poolBytes = (module: LoadedModule) => (4 + module.path.length * 2 + 2 + 7) & ~7;

function driverList(modules: readonly LoadedModule[], poolOffset: number): Uint8Array {
  const entry = layout.driverEntry;
  const list = new DataView(new ArrayBuffer(modules.length * entry.sizeBytes));
  let nameOffset = poolOffset;
  modules.forEach((module, index) => {
    const at = index * entry.sizeBytes;
    list.setUint32(at + entry.nameOffset, nameOffset, true);
    list.setBigUint64(at + entry.base, module.base, true);
    list.setUint32(at + entry.sizeOfImage, module.sizeBytes, true);
    list.setUint32(at + entry.checkSum, module.checkSum, true);
    list.setUint32(at + entry.timeDateStamp, module.timeDateStamp, true);
    nameOffset += poolBytes(module);
  });
  return new Uint8Array(list.buffer);
}

const isInside = (range: MemoryRange, stack: SavedStack | undefined) =>
  stack !== undefined &&
  range.offset >= stack.offset &&
  range.offset + range.sizeBytes <= stack.offset + stack.bytes.length;

/** Sorts ranges and joins those that overlap, so that no byte is kept twice. */
function merge(ranges: readonly MemoryRange[]): MemoryRange[] {
  const sorted = [...ranges].sort((a, b) => (a.address < b.address ? -1 : a.address > b.address ? 1 : 0));
  const merged: MemoryRange[] = [];
  for (const range of sorted) {
    const last = merged.at(-1);
    const into = last ? Number(range.address - last.address) : 0;
    if (last && into < last.sizeBytes && last.offset + into === range.offset) {
      const sizeBytes = Math.max(last.sizeBytes, into + range.sizeBytes);
      merged[merged.length - 1] = { ...last, sizeBytes };
    } else merged.push(range);
  }
  return merged;
}

interface Piece {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** A file put together piece by piece, each at a round place. */
class Pieces {
  readonly #pieces: Piece[] = [];
  #sizeBytes = 0;

  append(bytes: Uint8Array, alignment = 8): Piece {
    const offset = Math.ceil(this.#sizeBytes / alignment) * alignment;
    const piece = { offset, bytes };
    this.#pieces.push(piece);
    this.#sizeBytes = offset + bytes.length;
    return piece;
  }

  join(): Uint8Array {
    const whole = new Uint8Array(this.#sizeBytes);
    for (const { offset, bytes } of this.#pieces) whole.set(bytes, offset);
    return whole;
  }
}
