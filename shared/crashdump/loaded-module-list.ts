import type { VirtualAddress } from '../bytes/byte-source.ts';
import { hexNumber } from '../bytes/hex-number.ts';
import { textOfUtf16 } from '../bytes/utf16.ts';
import type { DumpHeader } from './header.ts';
import * as layout from './layout.ts';
import { type Memory, readPointer } from './memory.ts';
import type { MissingParts } from './missing-parts.ts';
import {
  type GoneModule,
  type LoadedModule,
  fileNameOf,
  maxModules,
  maxNameUnits,
  nameOf,
} from './modules.ts';
import type { PagedMemory } from './paged-memory.ts';
import type { DebuggerData } from './debugger-data.ts';
import { type WordBytes, viewOf, wordOf } from './words.ts';

/**
 * Walks PsLoadedModuleList, the kernel's own ring of drivers. Where it is broken, the other end is walked as well, so
 * that the drivers loaded last are still found.
 */
export function walkModules(memory: PagedMemory, header: DumpHeader, missing: MissingParts): LoadedModule[] {
  const head = header.loadedModuleList;
  const { addressBytes } = header.layout;
  if (head === 0n) {
    const at = header.layout.loadedModuleList;
    missing.add('not-written', 'driver list', 'the header does not tell where the list of drivers is', at);
    return [];
  }
  const seen = new Set<VirtualAddress>([head]);
  const forward = follow(memory, head, 0, addressBytes, seen);
  if (forward.brokenAt === undefined) return forward.modules;
  const backward = follow(memory, head, addressBytes, addressBytes, seen);
  const modules = [...forward.modules, ...backward.modules.reverse()];
  tellBreak(memory, forward.brokenAt, modules.length, missing);
  return modules;
}

interface Walk {
  readonly modules: LoadedModule[];
  /** The entry that could not be read or does not belong there; undefined when the walk came round. */
  readonly brokenAt: VirtualAddress | undefined;
}

function follow(
  memory: Memory,
  head: VirtualAddress,
  linkAt: number,
  wordBytes: WordBytes,
  seen: Set<VirtualAddress>,
): Walk {
  const modules: LoadedModule[] = [];
  const places = wordBytes === 8 ? layout.loadedModule64 : layout.loadedModule32;
  let entry = readPointer(memory, head + BigInt(linkAt), wordBytes);
  if (entry === undefined) return { modules, brokenAt: head };
  while (entry !== head) {
    const bytes =
      modules.length < maxModules && !seen.has(entry)
        ? memory.read(entry, places.sizeBytes)?.bytes
        : undefined;
    const module = bytes && readModule(memory, viewOf(bytes), wordBytes);
    if (!bytes || !module) return { modules, brokenAt: entry };
    seen.add(entry);
    modules.push(module);
    entry = wordOf(viewOf(bytes), linkAt, wordBytes);
  }
  return { modules, brokenAt: undefined };
}

function tellBreak(memory: PagedMemory, at: VirtualAddress, found: number, missing: MissingParts): void {
  const told = `of the list of drivers, ${found} could be read`;
  if (found >= maxModules) {
    missing.add('too-many', 'driver list', `${told}; more are not accepted`);
  } else if (memory.read(at, 8)) {
    const message = `${told}: at ${hexNumber(at)} it loops or leads to something that is no driver`;
    missing.add('broken-list', 'driver list', message);
  } else {
    const { code, message } = memory.explain(at);
    missing.add(code, 'driver list', `${told}: ${message}`);
  }
}

function readModule(memory: Memory, entry: DataView, wordBytes: WordBytes): LoadedModule | undefined {
  const places = wordBytes === 8 ? layout.loadedModule64 : layout.loadedModule32;
  const base = wordOf(entry, places.base, wordBytes);
  if (base === 0n || (base & 0xfffn) !== 0n) return undefined;
  const path =
    readName(memory, entry, places.fullName, wordBytes) ??
    readName(memory, entry, places.baseName, wordBytes) ??
    `unnamed-${hexNumber(base)}`;
  const told = {
    sizeBytes: entry.getUint32(places.sizeOfImage, true),
    timeDateStamp: places.timeDateStamp === undefined ? 0 : entry.getUint32(places.timeDateStamp, true),
    checkSum: entry.getUint32(places.checkSum, true),
  };
  return { name: fileNameOf(path), path, base, ...told, ...readImageHeader(memory, base) };
}

/** A UNICODE_STRING: length in bytes, room, and a pointer to the characters. */
function readName(memory: Memory, view: DataView, at: number, wordBytes: WordBytes): string | undefined {
  const lengthBytes = view.getUint16(at, true);
  if (lengthBytes === 0 || lengthBytes > maxNameUnits * 2) return undefined;
  const text = memory.read(wordOf(view, at + wordBytes, wordBytes), lengthBytes)?.bytes;
  return (text && nameOf(textOfUtf16(text))) || undefined;
}

/** What the image says of itself; the list may be older than what is loaded. Empty when its first page is absent. */
function readImageHeader(
  memory: Memory,
  base: VirtualAddress,
): Partial<Pick<LoadedModule, 'sizeBytes' | 'timeDateStamp' | 'checkSum'>> {
  const places = layout.imageHeader;
  const bytes = memory.read(base, places.readBytes)?.bytes;
  const view = bytes && viewOf(bytes);
  if (!view || view.getUint16(0, true) !== places.dosMark) return {};
  const at = view.getUint32(places.newHeader, true);
  if (at + places.checkSum + 4 > view.byteLength || view.getUint32(at, true) !== places.peMark) return {};
  return {
    sizeBytes: view.getUint32(at + places.sizeOfImage, true),
    timeDateStamp: view.getUint32(at + places.timeDateStamp, true),
    checkSum: view.getUint32(at + places.checkSum, true),
  };
}

/** Drivers that were unloaded, the oldest first, named as a triage dump would name them. */
export function readUnloadedRing(memory: Memory, data: DebuggerData): GoneModule[] {
  const places = layout.unloadedDriver64;
  const ring = data.variable(layout.debuggerData.unloadedDrivers);
  const next = readPointer(memory, data.address(layout.debuggerData.lastUnloadedDriver), 4);
  const bytes = ring === undefined ? undefined : memory.read(ring, places.sizeBytes * places.slots)?.bytes;
  if (!bytes) return [];
  const view = viewOf(bytes);
  const modules: GoneModule[] = [];
  for (let slot = 0; slot < places.slots; slot++) {
    const at = ((Number(next ?? 0n) + slot) % places.slots) * places.sizeBytes;
    const start = view.getBigUint64(at + places.start, true);
    const name = readName(memory, view, at + places.name, 8);
    if (start === 0n || name === undefined) continue;
    const cut = name.slice(0, layout.unloadedNameBytes / 2);
    modules.push({ name: cut, start, end: view.getBigUint64(at + places.end, true) });
  }
  return modules;
}
