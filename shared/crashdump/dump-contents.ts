import type { ByteReader } from '../bytes/byte-reader.ts';
import { type DebuggerData, readDebuggerData } from './debugger-data.ts';
import type { SavedStack } from './fault.ts';
import type { DumpHeader } from './header.ts';
import * as layout from './layout.ts';
import { readUnloadedRing, walkModules } from './loaded-module-list.ts';
import { type Memory, noMemory, readBlocks } from './memory.ts';
import type { MissingParts } from './missing-parts.ts';
import { type GoneModule, type LoadedModule, readModules, readUnloadedModules } from './modules.ts';
import { type PageMap, readPageMap } from './page-map.ts';
import { PagedMemory, findTranslation } from './paged-memory.ts';
import { type ProcessName, findProcessName, maxProcessBytes, nameInProcess } from './process.ts';
import { type RunningThread, findRunningThread } from './running-thread.ts';
import { ordinaryStackBytes, readSavedStack, readStackAt } from './stack.ts';
import { readLogonPhase } from './tagged-data.ts';
import { type TriageContents, readTriageContents } from './triage.ts';

/** What a dump of any kind holds besides its header; empty for what it does not hold. */
export interface DumpContents {
  readonly modules: readonly LoadedModule[];
  readonly unloaded: readonly GoneModule[];
  readonly process: ProcessName | undefined;
  readonly memory: Memory;
  /** The stack from the header's stack pointer upwards. */
  readonly stack: SavedStack | undefined;
  readonly debuggerData: Uint8Array | undefined;
  readonly logonPhase: string | undefined;
}

const nothing: DumpContents = {
  modules: [],
  unloaded: [],
  process: undefined,
  memory: noMemory,
  stack: undefined,
  debuggerData: undefined,
  logonPhase: undefined,
};

/** Reads what stands after the header, as the kind of dump tells. */
export function readContents(reader: ByteReader, header: DumpHeader, missing: MissingParts): DumpContents {
  if ((header.attributes & layout.attributes.encrypted) !== 0) {
    const message =
      'the dump is there, but encrypted to a certificate; whoever has its private key can decrypt it with KernelDumpDecrypt';
    missing.add('encrypted', 'modules, stack and process', message, header.layout.sizeBytes);
    return nothing;
  }
  if (header.dumpType === layout.triageDumpType) {
    const format = header.layout.addressBytes === 8 ? layout.triageFormat64 : layout.triageFormat32;
    const triage = readTriageContents(reader, format, missing);
    return triage ? readTriageSections(reader, header, format, triage, missing) : nothing;
  }
  const pages = readPageMap(reader, header, missing);
  return pages ? readPagedSections(reader, header, pages, missing) : nothing;
}

function readTriageSections(
  reader: ByteReader,
  header: DumpHeader,
  format: layout.TriageFormat,
  triage: TriageContents,
  missing: MissingParts,
): DumpContents {
  const modules = readModules(reader, format, triage, missing);
  const unloaded = readUnloadedModules(reader, format, triage, missing);
  const process = findProcessName(reader, header, triage, missing);
  const memory = readBlocks(reader, format, triage, missing);
  const stack = readSavedStack(reader, triage, missing);
  checkDebuggerData(reader, triage, missing);
  const debuggerData =
    triage.debuggerDataOffset > 0 && triage.debuggerDataSize <= maxDebuggerDataBytes
      ? reader.bytes(triage.debuggerDataOffset, triage.debuggerDataSize)
      : undefined;
  const logonPhase = readLogonPhase(reader, triage.sizeOfDump);
  return { modules, unloaded, process, memory, stack, debuggerData, logonPhase };
}

/** KDDEBUGGER_DATA64 has 0x380 bytes today. */
const maxDebuggerDataBytes = 0x1000;

/** Memory images of Windows 8 and later keep this block encoded; the lists of a triage dump do not depend on it. */
function checkDebuggerData(reader: ByteReader, triage: TriageContents, missing: MissingParts): void {
  const at = triage.debuggerDataOffset + layout.debuggerData.tag;
  const tag = triage.debuggerDataOffset === 0 ? undefined : reader.u32(at);
  if (tag === undefined || tag === layout.debuggerData.tagValue) return;
  missing.add('encoded', 'debugger data', encoded, at);
}

const encoded = 'the tag KDBG is not there: the block is encoded or damaged';

function readPagedSections(
  reader: ByteReader,
  header: DumpHeader,
  pages: PageMap,
  missing: MissingParts,
): DumpContents {
  const logonPhase = readLogonPhase(reader, pages.end);
  const translation = findTranslation(header);
  if (!translation) {
    const message = `how page tables of ${header.architecture} machines are walked is not known here`;
    missing.add('format-not-covered', 'modules, stack and process', message, header.layout.sizeBytes);
    return { ...nothing, logonPhase };
  }
  const memory = new PagedMemory(reader, pages, translation, header.directoryTableBase);
  const modules = walkModules(memory, header, missing);
  const data = header.layout.addressBytes === 8 ? findDebuggerData(memory, header, missing) : undefined;
  const unloaded = data ? readUnloadedRing(memory, data) : [];
  const thread = data && findRunningThread(memory, header, data);
  const process = findPagedProcess(memory, header, thread, missing);
  const stack = readPagedStack(memory, header, thread, missing);
  return { modules, unloaded, process, memory, stack, debuggerData: data?.bytes, logonPhase };
}

function findDebuggerData(
  memory: PagedMemory,
  header: DumpHeader,
  missing: MissingParts,
): DebuggerData | undefined {
  const data = readDebuggerData(memory, header.debuggerDataAddress);
  if (data?.isPlain === true) return data;
  if (data) missing.add('encoded', 'debugger data', encoded);
  else {
    const { code, message } = memory.explain(header.debuggerDataAddress);
    missing.add(code, 'debugger data', message);
  }
  return undefined;
}

function findPagedProcess(
  memory: Memory,
  header: DumpHeader,
  thread: RunningThread | undefined,
  missing: MissingParts,
): ProcessName | undefined {
  const sizeBytes = Math.min(thread?.processBytes ?? 0, maxProcessBytes);
  const bytes = thread && sizeBytes > 0 ? memory.read(thread.process, sizeBytes)?.bytes : undefined;
  const name = bytes && nameInProcess(bytes, header);
  if (!name) missing.add('not-in-dump', 'process', 'the running thread and its process were not found');
  return name;
}

/**
 * The whole stack of the thread where it is known, to the end of its last page as Windows saves it into triage dumps;
 * else as much as an ordinary stack has.
 */
function readPagedStack(
  memory: PagedMemory,
  header: DumpHeader,
  thread: RunningThread | undefined,
  missing: MissingParts,
): SavedStack | undefined {
  const pointer = header.context?.stackPointer;
  if (pointer === undefined) return undefined;
  const left = thread ? ((thread.initialStack + 0xfffn) & ~0xfffn) - pointer : 0n;
  const isOfThread = left > 0n && left <= BigInt(layout.largestStackBytes + layout.pageBytes);
  const stack = readStackAt(memory, pointer, isOfThread ? Number(left) : ordinaryStackBytes);
  if (!stack) {
    const { code, message } = memory.explain(pointer);
    missing.add(code, 'call stack', message);
  }
  return stack;
}
