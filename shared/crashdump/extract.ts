import { ByteReader } from '../bytes/byte-reader.ts';
import type { ByteSource } from '../bytes/byte-source.ts';
import { bytesOfHex } from '../bytes/hex.ts';
import { utf16Of } from '../bytes/utf16.ts';
import { type Analysis, analyzeDump } from './analysis.ts';
import type { CrashDumpProblem } from './crash-dump.ts';
import type { SavedStack } from './fault.ts';
import * as layout from './layout.ts';
import type { MemoryPiece } from './memory.ts';
import type { GoneModule, LoadedModule } from './modules.ts';

/** An extract is never larger, so that it fits into one part of a report. */
export const maxExtractBytes = 300_000;

export type ExtractProblem =
  CrashDumpProblem | { readonly code: 'format-not-covered' | 'too-large'; readonly message: string };

export type ExtractResult =
  | { readonly ok: true; readonly bytes: Uint8Array }
  | { readonly ok: false; readonly problem: ExtractProblem };

/**
 * Makes a small triage dump out of a 64-bit dump of any kind: header, driver lists, kernel stack, process name, phase
 * of the logon and those pieces of memory that the reader looks at. It reads to the same answer, with `format` triage,
 * and leaves out what may hold secrets or personal data: the other memory, processor and thread blocks, the comment,
 * and the other tagged data. Of a dump whose contents cannot be read it keeps the header.
 */
export function makeExtract(source: ByteSource): ExtractResult {
  const reader = new ByteReader(source);
  const analysis = analyzeDump(reader);
  if ('code' in analysis) return { ok: false, problem: analysis };
  const header = reader.bytes(0, layout.header64.sizeBytes);
  if (!header || analysis.header.layout.addressBytes !== 8) {
    const message = `an extract is made of 64-bit dumps with a whole header; this is a ${analysis.header.layout.addressBytes * 8}-bit dump of ${reader.sizeBytes} bytes`;
    return { ok: false, problem: { code: 'format-not-covered', message } };
  }
  const bytes = writeExtract(analysis, header);
  if (bytes.length <= maxExtractBytes) return { ok: true, bytes };
  const message = `the extract would have ${bytes.length} bytes; at most ${maxExtractBytes} are accepted`;
  return { ok: false, problem: { code: 'too-large', message } };
}

function writeExtract({ contents: found, touched }: Analysis, header: Uint8Array): Uint8Array {
  const { modules, unloaded, process, stack, debuggerData, logonPhase } = found;
  const { driver, block } = layout.triageFormat64;
  const pieces = new Pieces();
  pieces.append(ownHeader(header));
  const contents = new DataView(pieces.append(new Uint8Array(layout.triage64.sizeBytes)).bytes.buffer);
  const set = (field: keyof typeof layout.triage64, value: number) =>
    contents.setUint32(layout.triage64[field], value, true);

  set('contextOffset', layout.header64.context);
  set('exceptionOffset', layout.header64Exception);
  set('triageOptions', convertedTriageOptions);
  set('unloadedDriversOffset', pieces.append(unloadedList(unloaded)).offset);
  if (process) {
    const copy = new Uint8Array((process.intoProcess + layout.imageFileNameBytes + 8) & ~7);
    copy.set(
      Uint8Array.from(process.name, character => character.charCodeAt(0)),
      process.intoProcess,
    );
    const { offset } = pieces.append(copy);
    set('processOffset', offset);
    set('threadOffset', offset + copy.length);
  }
  if (stack) {
    set('callStackOffset', pieces.append(stack.bytes).offset);
    set('sizeOfCallStack', stack.bytes.length);
    contents.setBigUint64(layout.triage64.topOfStack, stack.address, true);
  }
  if (debuggerData) {
    set('debuggerDataOffset', pieces.append(debuggerData).offset);
    set('debuggerDataSize', debuggerData.length);
  }

  const names = pieces.append(namePool(modules));
  set('stringPoolOffset', names.offset);
  set('stringPoolSize', names.bytes.length);
  set('driverListOffset', pieces.append(driverList(modules, names.offset, driver)).offset);
  set('driverCount', modules.length);

  const blocks = merge(touched.filter(piece => !isInside(piece, stack))).map(({ address, bytes }) => ({
    address,
    piece: pieces.append(bytes, 1),
  }));
  const table = new DataView(new ArrayBuffer(blocks.length * block.sizeBytes));
  blocks.forEach(({ address, piece }, index) => {
    const at = index * block.sizeBytes;
    table.setBigUint64(at + block.address, address, true);
    table.setUint32(at + block.fileOffset, piece.offset, true);
    table.setUint32(at + block.length, piece.bytes.length, true);
  });
  set('dataBlocksOffset', pieces.append(new Uint8Array(table.buffer)).offset);
  set('dataBlocksCount', blocks.length);

  const end = pieces.append(wordsOf(layout.triageEndMark));
  set('validOffset', end.offset);
  set('sizeOfDump', end.offset + 4);
  if (logonPhase !== undefined) pieces.append(taggedState(logonPhase), 4);
  return pieces.join();
}

/** What Windows writes into triage dumps that it makes of larger ones. */
const convertedTriageOptions = 0xffffffff;

/**
 * The header of a triage dump: the comment, the runs of memory and the reserved rest go back to the filler that
 * Windows starts with.
 */
function ownHeader(header: Uint8Array): Uint8Array {
  const copy = header.slice();
  const fill = [0x50, 0x41, 0x47, 0x45];
  const clear = (from: number, lengthBytes: number) => {
    for (let at = from; at < from + lengthBytes; at++) copy[at] = fill[at % 4]!;
  };
  const places = layout.header64;
  clear(places.comment, layout.commentBytes);
  clear(places.physicalMemoryBlock, layout.physicalMemoryBlockBytes);
  clear(layout.header64ReservedFrom, places.sizeBytes - layout.header64ReservedFrom);
  new DataView(copy.buffer).setUint32(places.dumpType, layout.triageDumpType, true);
  return copy;
}

/** The tagged data of a dump, with the blob of winlogon alone. */
function taggedState(state: string): Uint8Array {
  const places = layout.taggedData;
  const data = layout.winlogonStateAt + state.length * 2 + 2;
  const bytes = new Uint8Array(places.headBytes + places.blobHeadBytes + data);
  const view = new DataView(bytes.buffer);
  bytes.set(wordsOf(...places.mark, places.headBytes));
  const blob = places.headBytes;
  view.setUint32(blob, places.blobHeadBytes, true);
  bytes.set(bytesOfHex(layout.winlogonTag) ?? [], blob + places.tag);
  view.setUint32(blob + places.dataSize, data, true);
  bytes.set(utf16Of(state), blob + places.blobHeadBytes + layout.winlogonStateAt);
  return bytes;
}

function wordsOf(...words: readonly number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(words.length * 4));
  words.forEach((word, index) => view.setUint32(index * 4, word, true));
  return new Uint8Array(view.buffer);
}

function unloadedList(unloaded: readonly GoneModule[]): Uint8Array {
  const entry = layout.triageFormat64.unloaded;
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

function driverList(
  modules: readonly LoadedModule[],
  poolOffset: number,
  entry: layout.TriageFormat['driver'],
): Uint8Array {
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

/** Whether the saved stack says the same as a piece; in a damaged dump a block may contradict it. */
function isInside({ address, bytes }: MemoryPiece, stack: SavedStack | undefined): boolean {
  if (!stack || address < stack.address) return false;
  const into = address - stack.address;
  if (into + BigInt(bytes.length) > BigInt(stack.bytes.length)) return false;
  return bytes.every((byte, at) => byte === stack.bytes[Number(into) + at]);
}

/**
 * Sorts pieces and joins those that overlap, so that no byte is kept twice; only of one origin, since blocks of a
 * triage dump may contradict each other.
 */
function merge(pieces: readonly MemoryPiece[]): MemoryPiece[] {
  const sorted = [...pieces].sort((a, b) =>
    a.address === b.address ? b.bytes.length - a.bytes.length : a.address < b.address ? -1 : 1,
  );
  const merged: MemoryPiece[] = [];
  for (const piece of sorted) {
    const last = merged.at(-1);
    const into = last ? Number(piece.address - last.address) : 0;
    const isJoint = last !== undefined && into < last.bytes.length && last.origin === piece.origin;
    if (!isJoint) merged.push(piece);
    else if (into + piece.bytes.length > last.bytes.length) {
      const bytes = new Uint8Array(into + piece.bytes.length);
      bytes.set(last.bytes);
      bytes.set(piece.bytes, into);
      merged[merged.length - 1] = { ...last, bytes };
    }
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
