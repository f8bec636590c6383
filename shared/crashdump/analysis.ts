import type { ByteReader } from '../bytes/byte-reader.ts';
import { hexNumber } from '../bytes/hex-number.ts';
import { BugcheckReading, bugcheckName } from './bugcheck.ts';
import type { CrashDump, CrashDumpProblem, Fault, StackFrame } from './crash-dump.ts';
import { type Evidence, findCulprit, findSuspects } from './culprit.ts';
import { type DumpContents, readContents } from './dump-contents.ts';
import { type FaultFrame, type FaultPlace, type SavedStack, findFault, findFaultFrame } from './fault.ts';
import { type DumpHeader, readHeader } from './header.ts';
import { type Memory, type MemoryPiece, WatchedMemory } from './memory.ts';
import { MissingParts } from './missing-parts.ts';
import { ModuleMap } from './modules.ts';
import { type NamedDriver, findNamedDriver } from './named-driver.ts';
import { labelOf, signatureOf } from './signature.ts';
import {
  type Frame,
  faultFrame,
  followFrames,
  holdsAddress,
  ordinaryStackBytes,
  readStackAt,
  scanStack,
} from './stack.ts';

/** A dump read and judged, with the parts that an extract is made from. */
export interface Analysis {
  readonly header: DumpHeader;
  readonly contents: DumpContents;
  /** Pieces of memory that the verdict was drawn from. */
  readonly touched: readonly MemoryPiece[];
  readonly dump: CrashDump;
}

/** Reads a kernel dump from header to verdict. */
export function analyzeDump(reader: ByteReader): Analysis | CrashDumpProblem {
  const missing = new MissingParts();
  const header = readHeader(reader, missing);
  if ('code' in header) return header;
  const bugcheck = new BugcheckReading(header.bugcheckCode, header.parameters);
  const contents = readContents(reader, header, missing);
  const memory = new WatchedMemory(contents.memory);
  const findings = findPlaces(header, bugcheck, contents, memory);
  const dump = judge(header, bugcheck, contents, findings, missing);
  return { header, contents, touched: memory.touched, dump };
}

/** Where it happened, and how control came there. */
interface Findings {
  readonly map: ModuleMap;
  readonly named: NamedDriver | undefined;
  readonly fault: FaultPlace | undefined;
  readonly frames: readonly Frame[];
}

function findPlaces(
  header: DumpHeader,
  bugcheck: BugcheckReading,
  { modules, unloaded, stack }: DumpContents,
  memory: Memory,
): Findings {
  const map = new ModuleMap(modules, unloaded);
  const frame = findFaultFrame(header, bugcheck, stack, memory);
  const fault = findFault(header, bugcheck, frame, memory);
  const callers = findCallers(header, frame, stack, map, memory);
  const named = findNamedDriver(bugcheck, memory, modules, map);
  return { map, named, fault, frames: fault ? [faultFrame(fault, map), ...callers] : callers };
}

function findCallers(
  header: DumpHeader,
  frame: FaultFrame | undefined,
  stack: SavedStack | undefined,
  map: ModuleMap,
  memory: Memory,
): Frame[] {
  if (header.architecture === 'arm64') return stack ? followFrames(header, stack, map) : [];
  const start = frame?.stackPointer ?? header.context?.stackPointer;
  // A fault on another stack than the one Windows stopped on, as those of interrupts and double faults.
  const isElsewhere = start !== undefined && !(stack && holdsAddress(stack, start));
  const other = isElsewhere ? readStackAt(memory, start, ordinaryStackBytes) : undefined;
  const scanned = other ?? stack;
  return scanned ? scanStack(scanned, start, map, memory, header.layout.addressBytes) : [];
}

function judge(
  header: DumpHeader,
  bugcheck: BugcheckReading,
  { modules, unloaded, process, logonPhase }: DumpContents,
  { map, named, fault, frames }: Findings,
  missing: MissingParts,
): CrashDump {
  const evidence: Evidence = {
    bugcheck,
    process: process?.name,
    modules,
    map,
    named,
    faultFrom: fault?.from,
    fault: fault ? frames[0] : undefined,
    callers: fault ? frames.slice(1) : frames,
  };
  const culprit = findCulprit(evidence);
  const [p1, p2, p3, p4] = header.parameters;
  return {
    format: header.format,
    architecture: header.architecture,
    osBuild: header.osBuild,
    processors: header.processors,
    bugcheck: {
      code: hexNumber(bugcheck.code),
      name: bugcheckName(bugcheck.code),
      parameters: [hexNumber(p1), hexNumber(p2), hexNumber(p3), hexNumber(p4)],
    },
    capturedAt: header.capturedAt,
    upTimeSeconds: header.upTimeSeconds,
    process: process?.name ?? null,
    ...(logonPhase === undefined ? {} : { logonPhase }),
    modules: modules.map(({ name, path, base, sizeBytes, timeDateStamp, checkSum }) => ({
      name,
      path,
      base: hexNumber(base),
      sizeBytes,
      timeDateStamp: hexNumber(timeDateStamp),
      checkSum: hexNumber(checkSum),
    })),
    unloadedModules: unloaded.map(one => ({
      name: one.name,
      start: hexNumber(one.start),
      end: hexNumber(one.end),
    })),
    fault: fault ? describeFault(fault, frames[0]!) : null,
    stack: frames.map(describeFrame),
    culprit,
    suspects: findSuspects(evidence, culprit, header.capturedAt),
    signature: signatureOf(evidence, culprit),
    label: labelOf(evidence, culprit),
    missing: missing.parts,
  };
}

const describePlace = ({ address, place }: Frame) => ({
  address: hexNumber(address),
  module: place?.name ?? null,
  offset: place ? hexNumber(place.offset) : null,
});

const describeFault = (fault: FaultPlace, frame: Frame): Fault => ({
  ...describePlace(frame),
  from: fault.from,
});

const describeFrame = (frame: Frame): StackFrame => ({
  ...describePlace(frame),
  at: frame.at === undefined ? null : hexNumber(frame.at),
  certainty: frame.certainty,
});
