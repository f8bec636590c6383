import type { ByteReader } from '../bytes/byte-reader.ts';
import type { VirtualAddress } from '../bytes/byte-source.ts';
import { hexNumber } from '../bytes/hex-number.ts';
import type { CrashDump, CrashDumpProblem } from './crash-dump.ts';
import * as layout from './layout.ts';
import type { MissingParts } from './missing-parts.ts';
import { readWord } from './words.ts';

/** The registers of the header's context that lead to a stack. */
export interface HeaderContext {
  readonly instruction: VirtualAddress;
  readonly stackPointer: VirtualAddress;
  readonly framePointer: VirtualAddress | undefined;
}

/** What the header of a kernel dump says. */
export interface DumpHeader {
  readonly layout: layout.HeaderLayout;
  readonly dumpType: number | undefined;
  readonly format: string;
  readonly architecture: CrashDump['architecture'];
  readonly osBuild: number | null;
  readonly processors: number | null;
  readonly bugcheckCode: number;
  readonly parameters: readonly [bigint, bigint, bigint, bigint];
  /** Where the page tables start; its lowest bits number address spaces and are no part of the address. */
  readonly directoryTableBase: bigint;
  readonly loadedModuleList: VirtualAddress;
  readonly debuggerDataAddress: VirtualAddress;
  /** Whether page tables of a 32-bit machine have 64-bit entries. */
  readonly usesPae: boolean;
  readonly attributes: number;
  readonly context: HeaderContext | undefined;
  readonly capturedAt: string | null;
  readonly upTimeSeconds: number | null;
}

/** Bugcheck code that a converter of hibernation files writes, which holds no crash: "MATT". */
const converterFill = 0x5454414d;
const fileTimeEpochMs = 11644473600000n;
/** The end of the year 9999; later instants have no ordinary ISO form. */
const lastFileTime = 0x24c85a5ed1c04000n;

/** Reads the header; without its signature and its bugcheck there is no dump to speak of. */
export function readHeader(reader: ByteReader, missing: MissingParts): DumpHeader | CrashDumpProblem {
  const [signature, valid] = [reader.u32(0), reader.u32(4)];
  if (signature === undefined || valid === undefined) {
    if (reader.sizeBytes >= 8) return problem('unreadable', unreadableHeader);
    return problem(
      'too-short',
      `${reader.sizeBytes} bytes hold no dump header; a kernel dump starts with PAGEDU64`,
    );
  }
  const places =
    valid === layout.validDump64
      ? layout.header64
      : valid === layout.validDump32
        ? layout.header32
        : undefined;
  if (signature !== layout.pageFill || !places) return problem('not-a-kernel-dump', describeOther(signature));

  const readAddress = (at: number) => readWord(reader, at, places.addressBytes);
  const addressOf = (at: number) => {
    const value = readAddress(at);
    const fill = places.addressBytes === 8 ? layout.pageFill64 : BigInt(layout.pageFill);
    return value === undefined || value === fill ? 0n : value;
  };
  const code = reader.u32(places.bugCheckCode);
  const parameters = [0, 1, 2, 3].map(at =>
    readAddress(places.bugCheckParameters + at * places.addressBytes),
  );
  const [p1, p2, p3, p4] = parameters;
  if (code === undefined || p1 === undefined || p2 === undefined || p3 === undefined || p4 === undefined) {
    if (reader.sizeBytes >= places.bugCheckParameters + 4 * places.addressBytes)
      return problem('unreadable', unreadableHeader);
    return problem(
      'too-short',
      `the file ends after ${reader.sizeBytes} bytes, before the bugcheck parameters`,
    );
  }
  if (code === layout.pageFill || code === converterFill) {
    const message = 'the bugcheck code is filler: this file was not written by a crash';
    missing.add('not-a-crash', 'bugcheck', message, places.bugCheckCode);
  }
  const attributes = readAttributes(reader, places);
  if ((attributes & layout.attributes.live) !== 0 && code !== converterFill) {
    const message = 'the dump was taken of a running Windows, which went on afterwards';
    missing.add('not-a-crash', 'bugcheck', message, places.attributes);
  }
  if (reader.sizeBytes < places.sizeBytes) {
    const message = `the file ends after ${reader.sizeBytes} bytes; the header alone has ${places.sizeBytes}`;
    missing.add('cut-off', 'header', message, reader.sizeBytes);
  }

  const field = (what: string, at: number) => written(reader.u32(at), layout.pageFill, what, at, missing);
  const field64 = (what: string, at: number) => written(reader.u64(at), layout.pageFill64, what, at, missing);
  const machine = field('machine type', places.machineImageType);
  const dumpType = field('dump type', places.dumpType);
  const architecture = layout.architectures.get(machine ?? 0) ?? 'unknown';
  const capturedTicks = field64('time of the crash', places.systemTime);
  const upTimeTicks = field64('up time', places.systemUpTime);
  return {
    layout: places,
    dumpType,
    format: layout.formats.get(dumpType ?? 0) ?? 'unknown',
    architecture,
    osBuild: field('build', places.minorVersion) ?? null,
    processors: field('number of processors', places.numberProcessors) ?? null,
    bugcheckCode: code,
    parameters: [p1, p2, p3, p4],
    directoryTableBase: addressOf(places.directoryTableBase),
    loadedModuleList: addressOf(places.loadedModuleList),
    debuggerDataAddress: addressOf(places.kdDebuggerDataBlock),
    usesPae: places.paeEnabled !== undefined && reader.u8(places.paeEnabled) === 1,
    attributes,
    context: readContext(reader, places, architecture),
    capturedAt: capturedTicks === undefined ? null : instantOf(capturedTicks, places.systemTime, missing),
    upTimeSeconds: upTimeTicks === undefined ? null : Number(upTimeTicks) / 1e7,
  };
}

/** Older Windows leaves the attributes empty. */
function readAttributes(reader: ByteReader, places: layout.HeaderLayout): number {
  const value = places.attributes === undefined ? undefined : reader.u32(places.attributes);
  return value === undefined || value === layout.pageFill ? 0 : value;
}

function written<Value>(
  value: Value | undefined,
  fill: Value,
  what: string,
  at: number,
  missing: MissingParts,
): Value | undefined {
  if (value === fill) missing.add('not-written', what, `Windows left the ${what} empty`, at);
  return value === fill ? undefined : value;
}

/** FILETIME counts 100 ns since 1601. */
function instantOf(ticks: bigint, at: number, missing: MissingParts): string | null {
  if (ticks > 0n && ticks < lastFileTime) {
    return new Date(Number(ticks / 10000n - fileTimeEpochMs)).toISOString();
  }
  missing.add('not-written', 'time of the crash', `${hexNumber(ticks)} is no time`, at);
  return null;
}

function readContext(
  reader: ByteReader,
  places: layout.HeaderLayout,
  architecture: CrashDump['architecture'],
): HeaderContext | undefined {
  const registers = contextPlaces[architecture];
  if (registers === undefined) return undefined;
  const read = (at: number) => readWord(reader, places.context + at, places.addressBytes);
  const [instruction, stackPointer] = [read(registers.instruction), read(registers.stackPointer)];
  const fill = places.addressBytes === 8 ? layout.pageFill64 : BigInt(layout.pageFill);
  if (instruction === undefined || instruction === fill || stackPointer === undefined) return undefined;
  const framePointer = registers.framePointer === undefined ? undefined : read(registers.framePointer);
  return { instruction, stackPointer, framePointer };
}

const contextPlaces: Readonly<Partial<Record<CrashDump['architecture'], ContextPlaces>>> = {
  x64: { instruction: layout.contextX64.rip, stackPointer: layout.contextX64.rsp },
  x86: { instruction: layout.contextX86.eip, stackPointer: layout.contextX86.esp },
  arm64: {
    instruction: layout.contextArm64.pc,
    stackPointer: layout.contextArm64.stackPointer,
    framePointer: layout.contextArm64.framePointer,
  },
};

interface ContextPlaces {
  readonly instruction: number;
  readonly stackPointer: number;
  readonly framePointer?: number;
}

const problem = (code: CrashDumpProblem['code'], message: string): CrashDumpProblem => ({
  code,
  message,
  offset: 0,
  structure: 'dump header',
});

const unreadableHeader =
  'the file is there, but its start could not be read; a disk or volume that gives these bytes is needed';
const userDumpSignature = 0x504d444d;
function describeOther(signature: number): string {
  const wanted = 'a kernel dump starts with PAGEDU64 or PAGEDUMP';
  if (signature === userDumpSignature)
    return `this is the dump of a program (MDMP), not of Windows; ${wanted}`;
  if (signature === 0) return `the file starts with zeros; ${wanted}`;
  return `the file starts with ${hexNumber(signature)}; ${wanted}`;
}
