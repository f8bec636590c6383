import { ByteCanvas } from './byte-canvas.ts';
import { writeDumpHeader } from './dump-header.ts';
import { writeTaggedData } from './tagged-data.ts';

// Written from the description of the format alone and not from the reader's tables, so that each can find a mistake
// of the other.

/** A driver in memory. `path` as Windows names it: `\SystemRoot\System32\drivers\x.sys`. */
export interface LabModule {
  readonly path: string;
  readonly base: bigint;
  readonly sizeBytes: number;
  readonly timeDateStamp: number;
  readonly checkSum?: number;
}

/** A driver that was unloaded; Windows keeps 12 characters of the name. */
export interface LabUnloadedModule {
  readonly name: string;
  readonly start: bigint;
  readonly end: bigint;
}

/** Bytes of kernel memory that the dump carries besides the stack. */
export interface LabMemory {
  readonly address: bigint;
  readonly bytes: Uint8Array;
}

/** A crash as the lab tells it; every kind of dump can be built of it. */
export interface LabCrash {
  readonly osBuild: number;
  readonly processors: number;
  readonly bugcheck: {
    readonly code: number;
    readonly parameters: readonly [bigint, bigint, bigint, bigint];
  };
  readonly capturedAt: Date;
  readonly upTimeSeconds: number;
  readonly process: string;
  readonly modules: readonly LabModule[];
  readonly unloaded?: readonly LabUnloadedModule[];
  /** Registers at the moment of the stop; the stack pointer is the first saved byte of the stack. */
  readonly instruction: bigint;
  readonly stackPointer: bigint;
  /** Saved stack from the stack pointer upwards. */
  readonly stack: readonly bigint[];
  readonly memory?: readonly LabMemory[];
  /** What winlogon was doing, in its own words; absent before it has started. */
  readonly logonState?: string;
}

export interface TriageDumpOptions extends LabCrash {
  /** Made at the next start from the full dump, with whole driver paths, or written by the crashing kernel itself. */
  readonly origin?: 'converted' | 'by-kernel';
}

const prcbBytes = 0xaf00;
const eprocessBytes = 0xa40;
const ethreadBytes = 0x898;
const debuggerDataBytes = 0x380;

/** Builds a kernel triage dump ("minidump") of an x64 machine as Windows 10 and 11 write it. */
export function buildTriageDump(options: TriageDumpOptions): Uint8Array {
  const canvas = new ByteCanvas();
  writeDumpHeader(canvas, options, {
    dumpType: 4,
    miniDumpFields: options.origin === 'by-kernel' ? 0xdff : 0xcff,
    ...(options.origin === 'by-kernel' && { attributes: 8 }),
  });
  canvas.reserve(0x80);
  canvas.u32(0x2004 + 0x08, 0x348);
  canvas.u32(0x2010, 0xf00);
  const field = (offset: number, value: number) => canvas.u32(0x2000 + offset, value);

  const memoryManager = canvas.reserve(0x50);
  canvas.u32(memoryManager, 1);
  canvas.u32(memoryManager + 4, 0x50);
  field(0x14, memoryManager);
  field(0x18, writeUnloaded(canvas, options.unloaded ?? []));
  field(0x1c, canvas.reserve(prcbBytes));
  const eprocess = canvas.reserve(eprocessBytes);
  canvas.ascii(eprocess + 0x5a8, options.process.slice(0, 14));
  field(0x20, eprocess);
  field(0x24, canvas.reserve(ethreadBytes));

  field(0x28, writeWords(canvas, options.stack));
  field(0x2c, options.stack.length * 8);
  canvas.u64(0x2048, options.stackPointer);

  const debuggerData = canvas.reserve(debuggerDataBytes);
  canvas.ascii(debuggerData + 0x10, 'KDBG');
  canvas.u32(debuggerData + 0x14, debuggerDataBytes);
  canvas.u64(debuggerData + 0x18, options.modules[0]?.base ?? 0n);
  field(0x70, debuggerData);
  field(0x74, debuggerDataBytes);

  writeDrivers(canvas, options, field);
  writeMemory(canvas, options.memory ?? [], field);

  const end = canvas.align(8);
  canvas.ascii(end, 'TRGD');
  field(0x04, end + 4);
  field(0x08, end);
  field(0x44, options.origin === 'by-kernel' ? 0x41 : 0xffffffff);
  writeTaggedData(canvas, options.logonState);
  return canvas.finish();
}

function writeUnloaded(canvas: ByteCanvas, unloaded: readonly LabUnloadedModule[]): number {
  const list = canvas.reserve(8 + unloaded.length * 56);
  canvas.u64(list, BigInt(unloaded.length));
  unloaded.forEach((module, index) => {
    const entry = list + 8 + index * 56;
    const name = module.name.slice(0, 12);
    canvas.u16(entry, name.length * 2);
    canvas.u16(entry + 2, 24);
    canvas.utf16(entry + 0x10, name);
    canvas.u64(entry + 0x28, module.start);
    canvas.u64(entry + 0x30, module.end);
  });
  return list;
}

function writeWords(canvas: ByteCanvas, words: readonly bigint[]): number {
  const offset = canvas.reserve(words.length * 8);
  words.forEach((word, index) => canvas.u64(offset + index * 8, word));
  return offset;
}

type SetField = (offset: number, value: number) => void;

function writeDrivers(canvas: ByteCanvas, { modules, origin }: TriageDumpOptions, field: SetField): void {
  const list = canvas.reserve(modules.length * 0x90);
  const pool = canvas.end;
  modules.forEach((module, index) => {
    const path = origin === 'by-kernel' ? module.path.slice(module.path.lastIndexOf('\\') + 1) : module.path;
    const name = canvas.reserve(4 + path.length * 2 + 2);
    canvas.u32(name, path.length);
    canvas.utf16(name + 4, path);
    canvas.align(8);
    const loader = list + index * 0x90 + 8;
    canvas.u32(loader - 8, name);
    canvas.u64(loader + 0x30, module.base);
    canvas.u32(loader + 0x40, module.sizeBytes);
    canvas.u32(loader + 0x78, module.checkSum ?? 0);
    canvas.u32(loader + 0x80, module.timeDateStamp);
  });
  field(0x30, list);
  field(0x34, modules.length);
  field(0x38, pool);
  field(0x3c, canvas.end - pool);
}

function writeMemory(canvas: ByteCanvas, memory: readonly LabMemory[], field: SetField): void {
  const table = canvas.reserve(memory.length * 16);
  memory.forEach(({ address, bytes }, index) => {
    canvas.u64(table + index * 16, address);
    canvas.u32(table + index * 16 + 8, canvas.append(bytes));
    canvas.u32(table + index * 16 + 12, bytes.length);
  });
  field(0x78, table);
  field(0x7c, memory.length);
}
