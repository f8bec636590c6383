import { ByteReader } from '../bytes/byte-reader.ts';
import type { ByteSource } from '../bytes/byte-source.ts';
import { hexNumber } from '../bytes/hex-number.ts';
import { textOfUtf16 } from '../bytes/utf16.ts';

// Places after Microsoft's "PE Format" and the documentation of VS_VERSIONINFO.
const dosSignature = 0x5a4d;
const peSignature = 0x4550;
const newHeaderOffset = 0x3c;
const fileHeaderBytes = 24;
const sectionBytes = 40;
const resourceDirectory = 2;
const certificateDirectory = 4;
const versionResource = 16;
const fixedInfoSignature = 0xfeef04bd;
/** Directories before the resource's in the optional header, 32-bit and 64-bit. */
const directoriesAt: ReadonlyMap<number, number> = new Map([
  [0x10b, 96],
  [0x20b, 112],
]);
const machines: ReadonlyMap<number, PortableExecutable['architecture']> = new Map([
  [0x8664, 'x64'],
  [0xaa64, 'arm64'],
  [0x14c, 'x86'],
]);
const maxSections = 96;
const maxEntries = 256;
const maxResourceBytes = 64 * 1024;

/** What the headers of a program, library or driver tell. */
export interface PortableExecutable {
  readonly architecture: 'x64' | 'arm64' | 'x86' | 'unknown';
  /** Date of linking as seconds since 1970, or a hash in reproducible builds: identity, not a date. */
  readonly timeDateStamp: string;
  readonly sizeOfImage: number;
  readonly checkSum: string;
  /** `7.15.18513.0`; null when the file has no version resource that can be read. */
  readonly fileVersion: string | null;
  readonly productVersion: string | null;
  /** The name that the file was built under, as its version resource says: `ct.sys`; null when it says none. */
  readonly originalName: string | null;
  /** Who made it, as the version resource says; null when that says nothing. */
  readonly companyName: string | null;
  /** What is missing of the file: its headers may promise more than is there. */
  readonly problems: readonly PortableExecutableProblem[];
}

export interface PortableExecutableProblem {
  readonly code: 'not-an-executable' | 'cut-off';
  readonly message: string;
  readonly offset: number;
}

export type PortableExecutableResult =
  | { readonly ok: true; readonly image: PortableExecutable }
  | { readonly ok: false; readonly problem: PortableExecutableProblem };

/** Reads the headers and the version resource of a PE file. Never throws, reads a few pages of any file. */
export function readPortableExecutable(source: ByteSource): PortableExecutableResult {
  const reader = new ByteReader(source);
  if (reader.u16(0) !== dosSignature) {
    return failed('not-an-executable', 'the file does not start with MZ, as programs and drivers do', 0);
  }
  const header = reader.u32(newHeaderOffset) ?? 0;
  const signature = reader.u32(header);
  if (signature === undefined)
    return failed('cut-off', `the file ends before its PE header at ${header}`, header);
  if (signature !== peSignature)
    return failed('not-an-executable', 'no PE header stands where MZ points', header);

  const optional = header + fileHeaderBytes;
  const directories = directoriesAt.get(reader.u16(optional) ?? 0);
  const sizeOfImage = reader.u32(optional + 56);
  const checkSum = reader.u32(optional + 64);
  if (sizeOfImage === undefined || checkSum === undefined) {
    return failed('cut-off', `the file ends within its PE header at ${header}`, reader.sizeBytes);
  }
  const version = directories === undefined ? undefined : readVersion(reader, header, optional + directories);
  return {
    ok: true,
    image: {
      architecture: machines.get(reader.u16(header + 4) ?? 0) ?? 'unknown',
      timeDateStamp: hexNumber(reader.u32(header + 8) ?? 0),
      sizeOfImage,
      checkSum: hexNumber(checkSum),
      fileVersion: version?.file ?? null,
      productVersion: version?.product ?? null,
      originalName: version?.originalName ?? null,
      companyName: version?.companyName ?? null,
      problems: findMissingEnd(reader, header),
    },
  };
}

/** The file version of a PE file, `7.15.18513.0`; undefined when it has none that can be read. */
export function readFileVersion(source: ByteSource): string | undefined {
  const result = readPortableExecutable(source);
  return result.ok ? (result.image.fileVersion ?? undefined) : undefined;
}

/** A stretch of a file. */
export interface Stretch {
  readonly offset: number;
  readonly sizeBytes: number;
}

/** Where the version resource and the signatures of a PE file lie, as its headers say; absent ones are left out. */
export function findClaims(reader: ByteReader): {
  readonly version?: Stretch;
  readonly signatures?: Stretch;
} {
  const header = reader.u32(newHeaderOffset) ?? 0;
  const optional = header + fileHeaderBytes;
  const directories = directoriesAt.get(reader.u16(optional) ?? 0);
  if (directories === undefined) return {};
  const version = findVersionResource(reader, header, optional + directories);
  // The only directory that gives a place in the file and not an address.
  const certificates = optional + directories + certificateDirectory * 8;
  const [offset, sizeBytes] = [reader.u32(certificates) ?? 0, reader.u32(certificates + 4) ?? 0];
  return {
    ...(version && { version }),
    ...(offset !== 0 && sizeBytes !== 0 && { signatures: { offset, sizeBytes } }),
  };
}

function failed(
  code: PortableExecutableProblem['code'],
  message: string,
  offset: number,
): PortableExecutableResult {
  return { ok: false, problem: { code, message, offset } };
}

/** What a version resource says. */
interface VersionResource {
  readonly file: string;
  readonly product: string;
  readonly originalName: string | undefined;
  readonly companyName: string | undefined;
}

/** Sections, to turn addresses in memory into places in the file. */
type AddressMap = (address: number) => number | undefined;

function readVersion(reader: ByteReader, header: number, directories: number): VersionResource | undefined {
  const place = findVersionResource(reader, header, directories);
  return place && readFixedInfo(reader, place.offset, place.offset + place.sizeBytes);
}

function findVersionResource(reader: ByteReader, header: number, directories: number): Stretch | undefined {
  const toOffset = readSections(reader, header);
  const address = reader.u32(directories + resourceDirectory * 8) ?? 0;
  const root = address === 0 ? undefined : toOffset(address);
  if (root === undefined) return undefined;
  // Three levels: kind of resource, its name, its language. Of names and languages the first will do.
  const kinds = findEntry(reader, root, root, id => id === versionResource);
  const names = kinds && findEntry(reader, root, kinds, () => true);
  const leaf = names && findEntry(reader, root, names, () => true, true);
  const data = leaf === undefined ? undefined : toOffset(reader.u32(leaf) ?? 0);
  if (leaf === undefined || data === undefined) return undefined;
  return { offset: data, sizeBytes: Math.min(reader.u32(leaf + 4) ?? 0, maxResourceBytes) };
}

/** Names the place where a file ends before the last of its sections does. */
function findMissingEnd(reader: ByteReader, header: number): readonly PortableExecutableProblem[] {
  const count = Math.min(reader.u16(header + 6) ?? 0, maxSections);
  const first = header + fileHeaderBytes + (reader.u16(header + 20) ?? 0);
  let end = first + count * sectionBytes;
  for (let index = 0; index < count; index++) {
    const at = first + index * sectionBytes;
    const [sizeBytes, offset] = [reader.u32(at + 16), reader.u32(at + 20)];
    if (sizeBytes === undefined || offset === undefined) break;
    if (sizeBytes > 0) end = Math.max(end, offset + sizeBytes);
  }
  if (reader.sizeBytes >= end) return [];
  const message = `the file has ${reader.sizeBytes} bytes; its sections reach to ${end}`;
  return [{ code: 'cut-off', message, offset: reader.sizeBytes }];
}

function readSections(reader: ByteReader, header: number): AddressMap {
  const count = Math.min(reader.u16(header + 6) ?? 0, maxSections);
  const first = header + fileHeaderBytes + (reader.u16(header + 20) ?? 0);
  return address => {
    for (let index = 0; index < count; index++) {
      const at = first + index * sectionBytes;
      const [start, sizeBytes, offset] = [reader.u32(at + 12), reader.u32(at + 16), reader.u32(at + 20)];
      if (start === undefined || sizeBytes === undefined || offset === undefined) return undefined;
      if (address >= start && address - start < sizeBytes) return offset + (address - start);
    }
    return undefined;
  };
}

/** The place that the first fitting entry of a resource directory leads to: a directory, or with `leaf` its data. */
function findEntry(
  reader: ByteReader,
  root: number,
  directory: number,
  fits: (id: number) => boolean,
  leaf = false,
): number | undefined {
  const named = reader.u16(directory + 12) ?? 0;
  const count = Math.min(named + (reader.u16(directory + 14) ?? 0), maxEntries);
  for (let index = 0; index < count; index++) {
    const at = directory + 16 + index * 8;
    const [id, place] = [reader.u32(at), reader.u32(at + 4)];
    if (id === undefined || place === undefined) return undefined;
    const isDirectory = place >= 0x80000000;
    if (fits(id) && isDirectory !== leaf) return root + (place & 0x7fffffff);
  }
  return undefined;
}

function readFixedInfo(reader: ByteReader, start: number, end: number): VersionResource | undefined {
  const key = reader.bytes(start + 6, 30);
  if (!key || textOfUtf16(key) !== 'VS_VERSION_INFO') return undefined;
  const at = align(start + 6 + 32);
  if (at + 24 > end || reader.u32(at) !== fixedInfoSignature) return undefined;
  const versionAt = (offset: number) => {
    const [high, low] = [reader.u32(at + offset) ?? 0, reader.u32(at + offset + 4) ?? 0];
    return `${high >>> 16}.${high & 0xffff}.${low >>> 16}.${low & 0xffff}`;
  };
  if (!reader.holds(at, 24)) return undefined;
  const infoBytes = reader.u16(start + 2) ?? 0;
  const findName = (name: string) => findText(reader, align(at + infoBytes), end, name);
  return {
    file: versionAt(8),
    product: versionAt(16),
    originalName: findName('OriginalFilename'),
    companyName: findName('CompanyName'),
  };
}

const align = (at: number) => (at + 3) & ~3;
const maxBlocks = 512;
const maxKeyUnits = 64;

/**
 * The first text of this name in the string tables between two offsets: StringFileInfo holds tables, a table holds
 * texts. A block starts with its length, the length of its value, its type and its name.
 */
function findText(reader: ByteReader, start: number, end: number, name: string): string | undefined {
  let at = start;
  for (let count = 0; count < maxBlocks && at + 6 < end; count++) {
    const [blockBytes, valueUnits] = [reader.u16(at) ?? 0, reader.u16(at + 2) ?? 0];
    if (blockBytes < 6 || at + blockBytes > end) return undefined;
    const key = readTextAt(reader, at + 6, Math.min(at + blockBytes, at + 6 + maxKeyUnits * 2));
    if (key === undefined) return undefined;
    const inside = align(at + 6 + (key.length + 1) * 2);
    if (key === name) return readTextAt(reader, inside, Math.min(inside + valueUnits * 2, at + blockBytes));
    // What holds other blocks has no value of its own; they are walked through as if they stood here.
    at = valueUnits === 0 && isHolder(key) ? inside : align(at + blockBytes);
  }
  return undefined;
}

const isHolder = (key: string) => key === 'StringFileInfo' || /^[0-9a-f]{8}$/i.test(key);

/** UTF-16 up to its NUL or to an offset. */
function readTextAt(reader: ByteReader, start: number, end: number): string | undefined {
  const bytes = reader.bytes(start, Math.max(end - start, 0));
  return bytes && textOfUtf16(bytes).split('\0')[0];
}
