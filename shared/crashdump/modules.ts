import type { ByteReader } from '../bytes/byte-reader.ts';
import type { FileOffset, VirtualAddress } from '../bytes/byte-source.ts';
import { hexNumber } from '../bytes/hex-number.ts';
import { printable } from '../bytes/printable.ts';
import { textOfUtf16 } from '../bytes/utf16.ts';
import { type TriageFormat, unloadedNameBytes } from './layout.ts';
import type { MissingParts } from './missing-parts.ts';
import { type TriageContents, countEntries } from './triage.ts';
import { readWord } from './words.ts';

export const maxModules = 2048;
const maxUnloaded = 256;
/** The longest driver path seen in a dump has 122 characters. */
export const maxNameUnits = 1024;

/** A driver that was loaded; `path` is as the dump names it. */
export interface LoadedModule {
  readonly name: string;
  readonly path: string;
  readonly base: VirtualAddress;
  readonly sizeBytes: number;
  readonly timeDateStamp: number;
  readonly checkSum: number;
}

/** A driver that was unloaded before the crash; Windows keeps 12 characters of its name. */
export interface GoneModule {
  readonly name: string;
  readonly start: VirtualAddress;
  readonly end: VirtualAddress;
}

/** Reads the driver list in its own order, which is the order of loading. */
export function readModules(
  reader: ByteReader,
  format: TriageFormat,
  triage: TriageContents,
  missing: MissingParts,
): LoadedModule[] {
  const { driver, addressBytes } = format;
  const offset = triage.driverListOffset;
  const list = { what: 'driver list', offset, count: triage.driverCount, entryBytes: driver.sizeBytes };
  const count = countEntries(reader, format, { ...list, most: maxModules }, missing);
  const modules: LoadedModule[] = [];
  let unnamed = 0;
  for (let at = offset; at < offset + count * driver.sizeBytes; at += driver.sizeBytes) {
    const base = readWord(reader, at + driver.base, addressBytes) ?? 0n;
    const nameOffset = reader.u32(at + driver.nameOffset) ?? 0;
    const read = readPoolString(reader, nameOffset);
    if (read === undefined && unnamed++ === 0) {
      const message = `the driver at ${hexNumber(base)} has its name at ${nameOffset}, where no string of the file is`;
      missing.add('unreadable-name', 'driver name', message, at);
    }
    const path = read ?? `unnamed-${hexNumber(base)}`;
    modules.push({
      name: fileNameOf(path),
      path,
      base,
      sizeBytes: reader.u32(at + driver.sizeOfImage) ?? 0,
      timeDateStamp: reader.u32(at + driver.timeDateStamp) ?? 0,
      checkSum: reader.u32(at + driver.checkSum) ?? 0,
    });
  }
  return modules;
}

/** A string of the pool: a count of characters, then the characters. */
function readPoolString(reader: ByteReader, offset: FileOffset): string | undefined {
  const units = reader.u32(offset);
  if (units === undefined || units === 0 || units > maxNameUnits) return undefined;
  const bytes = reader.bytes(offset + 4, units * 2);
  return (bytes && nameOf(textOfUtf16(bytes))) || undefined;
}

/** Reads the list of unloaded drivers. */
export function readUnloadedModules(
  reader: ByteReader,
  format: TriageFormat,
  triage: TriageContents,
  missing: MissingParts,
): GoneModule[] {
  const { unloaded, addressBytes } = format;
  const offset = triage.unloadedDriversOffset;
  if (offset === 0) return [];
  const told = readWord(reader, offset, addressBytes) ?? 0n;
  const list = {
    what: 'list of unloaded drivers',
    offset: offset + unloaded.firstAt,
    count: Number(told),
    entryBytes: unloaded.sizeBytes,
  };
  if (!reader.holds(offset, unloaded.firstAt)) list.count = 1;
  const count = countEntries(reader, format, { ...list, most: maxUnloaded }, missing);
  const modules: GoneModule[] = [];
  for (let index = 0; index < count; index++) {
    const at = list.offset + index * unloaded.sizeBytes;
    const nameBytes = Math.min(reader.u16(at + unloaded.nameBytes) ?? 0, unloadedNameBytes);
    const bytes = reader.bytes(at + unloaded.name, nameBytes) ?? new Uint8Array(0);
    modules.push({
      name: nameOf(textOfUtf16(bytes)),
      start: readWord(reader, at + unloaded.start, addressBytes) ?? 0n,
      end: readWord(reader, at + unloaded.end, addressBytes) ?? 0n,
    });
  }
  return modules;
}

/** A path without its folders. */
export const fileNameOf = (path: string): string => path.slice(path.lastIndexOf('\\') + 1) || path;

/** A name, up to its first NUL. */
export function nameOf(text: string): string {
  const end = text.indexOf('\0');
  return printable(end < 0 ? text : text.slice(0, end));
}

/** Where an address lies: in a loaded module, or where one was that has been unloaded. */
export interface ModulePlace {
  readonly name: string;
  readonly offset: bigint;
  readonly module: LoadedModule | undefined;
}

/** Finds modules by address. Where ranges overlap, the one that starts last wins. */
export class ModuleMap {
  readonly #loaded: readonly LoadedModule[];
  readonly #gone: readonly GoneModule[];

  constructor(loaded: readonly LoadedModule[], gone: readonly GoneModule[]) {
    this.#loaded = [...loaded].sort((a, b) => (a.base < b.base ? -1 : a.base > b.base ? 1 : 0));
    this.#gone = gone;
  }

  findLoaded(address: VirtualAddress): LoadedModule | undefined {
    let [low, high] = [0, this.#loaded.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#loaded[middle]!.base <= address) low = middle + 1;
      else high = middle;
    }
    const module = this.#loaded[low - 1];
    return module && address - module.base < BigInt(module.sizeBytes) ? module : undefined;
  }

  find(address: VirtualAddress): ModulePlace | undefined {
    const module = this.findLoaded(address);
    if (module) return { name: module.name, offset: address - module.base, module };
    const gone = this.#gone.find(one => address >= one.start && address < one.end);
    return gone && { name: gone.name, offset: address - gone.start, module: undefined };
  }
}
