import type { ByteReader } from '../bytes/byte-reader.ts';
import { hexNumber } from '../bytes/hex-number.ts';
import { BugcheckReading, bugcheckName } from './bugcheck.ts';
import type { CrashDump, CrashDumpProblem, Fault, StackFrame } from './crash-dump.ts';
import { type Evidence, findCulprit, findSuspects } from './culprit.ts';
import { type FaultPlace, type SavedStack, findFault, findFaultFrame } from './fault.ts';
import { type DumpHeader, readHeader } from './header.ts';
import { debuggerData, triageDumpType } from './layout.ts';
import { DumpMemory, readMemory } from './memory.ts';
import { MissingParts } from './missing-parts.ts';
import {
  type LoadedModule,
  type GoneModule,
  ModuleMap,
  readModules,
  readUnloadedModules,
} from './modules.ts';
import { type ProcessName, findProcessName } from './process.ts';
import { labelOf, signatureOf } from './signature.ts';
import { type Frame, faultFrame, followFrames, readSavedStack, scanStack } from './stack.ts';
import { type TriageContents, readTriageContents } from './triage.ts';

/** A dump read and judged, with the parts that an extract is made from. */
export interface Analysis {
  readonly header: DumpHeader;
  readonly triage: TriageContents | undefined;
  readonly contents: DumpContents;
  readonly dump: CrashDump;
}

/** What the sections of a dump hold; empty for kinds of dump of which only the header is read. */
export interface DumpContents {
  readonly modules: readonly LoadedModule[];
  readonly unloaded: readonly GoneModule[];
  readonly process: ProcessName | undefined;
  readonly memory: DumpMemory;
  readonly stack: SavedStack | undefined;
  readonly map: ModuleMap;
  readonly fault: FaultPlace | undefined;
  readonly frames: readonly Frame[];
}

/** Reads a kernel dump from header to verdict. */
export function analyzeDump(reader: ByteReader): Analysis | CrashDumpProblem {
  const missing = new MissingParts();
  const header = readHeader(reader, missing);
  if ('code' in header) return header;
  const bugcheck = new BugcheckReading(header.bugcheckCode, header.parameters);
  const triage = readContents(reader, header, missing);
  const contents = triage
    ? readSections(reader, header, bugcheck, triage, missing)
    : emptyContents(reader, header, bugcheck);
  const dump = judge(header, bugcheck, contents, missing);
  return { header, triage, contents, dump };
}

function readContents(
  reader: ByteReader,
  header: DumpHeader,
  missing: MissingParts,
): TriageContents | undefined {
  if (header.dumpType === triageDumpType && header.layout.addressBytes === 8) {
    return readTriageContents(reader, missing);
  }
  if (reader.sizeBytes >= header.layout.sizeBytes) {
    const kind = `${header.layout.addressBytes * 8}-bit ${header.format}`;
    const message = `only the header of a ${kind} dump is read; 64-bit triage dumps are read whole`;
    missing.add('format-not-covered', 'modules, stack and process', message, header.layout.sizeBytes);
  }
  return undefined;
}

function readSections(
  reader: ByteReader,
  header: DumpHeader,
  bugcheck: BugcheckReading,
  triage: TriageContents,
  missing: MissingParts,
): DumpContents {
  const modules = readModules(reader, triage, missing);
  const unloaded = readUnloadedModules(reader, triage, missing);
  const process = findProcessName(reader, header, triage, missing);
  const memory = readMemory(reader, triage, missing);
  const stack = readSavedStack(reader, triage, missing);
  checkDebuggerData(reader, triage, missing);

  const map = new ModuleMap(modules, unloaded);
  const frame = findFaultFrame(header, bugcheck, stack, memory);
  const fault = findFault(header, bugcheck, frame, memory);
  const start = frame?.stackPointer ?? header.context?.stackPointer;
  const callers = !stack
    ? []
    : header.architecture === 'arm64'
      ? followFrames(header, stack, map)
      : scanStack(stack, start, map, memory);
  const frames = fault ? [faultFrame(fault, map), ...callers] : callers;
  return { modules, unloaded, process, memory, stack, map, fault, frames };
}

function emptyContents(reader: ByteReader, header: DumpHeader, bugcheck: BugcheckReading): DumpContents {
  const memory = new DumpMemory(reader, []);
  const map = new ModuleMap([], []);
  const fault = findFault(header, bugcheck, undefined, memory);
  const frames = fault ? [faultFrame(fault, map)] : [];
  const nothing = { modules: [], unloaded: [], process: undefined, stack: undefined };
  return { ...nothing, memory, map, fault, frames };
}

/** Memory images of Windows 8 and later keep this block encoded; nothing of ours depends on it. */
function checkDebuggerData(reader: ByteReader, triage: TriageContents, missing: MissingParts): void {
  const at = triage.debuggerDataOffset + debuggerData.tag;
  const tag = triage.debuggerDataOffset === 0 ? undefined : reader.u32(at);
  if (tag === undefined || tag === debuggerData.tagValue) return;
  missing.add('encoded', 'debugger data', `the tag KDBG is not there: the block is encoded or damaged`, at);
}

function judge(
  header: DumpHeader,
  bugcheck: BugcheckReading,
  { modules, unloaded, process, map, fault, frames }: DumpContents,
  missing: MissingParts,
): CrashDump {
  const evidence: Evidence = {
    bugcheck,
    process: process?.name,
    modules,
    map,
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
