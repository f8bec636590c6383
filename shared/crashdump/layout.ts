// Places of fields in kernel crash dumps. Microsoft publishes no layout; these agree between the readers kdmp-parser,
// rizin, rekall and ImHex and were checked against real dumps of Windows 10 and 11 (x64 and arm64) unless a line says
// otherwise. All values are little endian, all offsets in triage structures count from the start of the file.

/** "PAGE": the writer fills the header with it first, so a field that still holds it was never written. */
export const pageFill = 0x45474150;
export const pageFill64 = 0x4547415045474150n;
/** "DU64" and "DUMP", the second word of 64-bit and 32-bit dumps. */
export const validDump64 = 0x34365544;
export const validDump32 = 0x504d5544;

/** Where a field of the header stands; both widths have the same fields. */
export interface HeaderLayout {
  readonly sizeBytes: number;
  readonly addressBytes: 4 | 8;
  readonly minorVersion: number;
  readonly machineImageType: number;
  readonly numberProcessors: number;
  readonly bugCheckCode: number;
  readonly bugCheckParameters: number;
  readonly kdDebuggerDataBlock: number;
  readonly context: number;
  readonly dumpType: number;
  readonly comment: number;
  readonly systemTime: number;
  readonly systemUpTime: number;
}

/** DUMP_HEADER64. */
export const header64: HeaderLayout = {
  sizeBytes: 0x2000,
  addressBytes: 8,
  minorVersion: 0x0c,
  machineImageType: 0x30,
  numberProcessors: 0x34,
  bugCheckCode: 0x38,
  bugCheckParameters: 0x40,
  kdDebuggerDataBlock: 0x80,
  context: 0x348,
  dumpType: 0xf98,
  comment: 0xfb0,
  systemTime: 0xfa8,
  systemUpTime: 0x1030,
};

/** DUMP_HEADER32, known from rekall and volatility only: no real sample was at hand. */
export const header32: HeaderLayout = {
  sizeBytes: 0x1000,
  addressBytes: 4,
  minorVersion: 0x0c,
  machineImageType: 0x20,
  numberProcessors: 0x24,
  bugCheckCode: 0x28,
  bugCheckParameters: 0x2c,
  kdDebuggerDataBlock: 0x60,
  context: 0x320,
  dumpType: 0xf88,
  comment: 0x820,
  systemTime: 0xfc0,
  systemUpTime: 0xfb8,
};

/** First byte after the fields of DUMP_HEADER64; up to the end of the header everything is reserved. */
export const header64ReservedFrom = 0x1058;
export const commentBytes = 128;

/** MachineImageType, as in a PE file header. */
export const architectures: ReadonlyMap<number, 'x64' | 'arm64' | 'x86'> = new Map([
  [0x8664, 'x64'],
  [0xaa64, 'arm64'],
  [0x14c, 'x86'],
]);

export const triageDumpType = 4;
/** DumpType. 8 to 10 are newer kinds of WinDbg with an RDMP header. */
export const formats: ReadonlyMap<number, string> = new Map([
  [1, 'full'],
  [2, 'summary'],
  [3, 'header'],
  [triageDumpType, 'triage'],
  [5, 'bitmap'],
  [6, 'bitmap-kernel'],
  [7, 'automatic'],
  [8, 'kernel-memory'],
  [9, 'kernel-and-user-memory'],
  [10, 'complete-memory'],
]);

/** TRIAGE_DUMP64, right after the header. */
export const triage64 = {
  start: 0x2000,
  sizeBytes: 0x80,
  sizeOfDump: 0x04,
  validOffset: 0x08,
  contextOffset: 0x0c,
  exceptionOffset: 0x10,
  unloadedDriversOffset: 0x18,
  processOffset: 0x20,
  threadOffset: 0x24,
  callStackOffset: 0x28,
  sizeOfCallStack: 0x2c,
  driverListOffset: 0x30,
  driverCount: 0x34,
  stringPoolOffset: 0x38,
  stringPoolSize: 0x3c,
  triageOptions: 0x44,
  topOfStack: 0x48,
  dataPageAddress: 0x60,
  dataPageOffset: 0x68,
  dataPageSize: 0x6c,
  debuggerDataOffset: 0x70,
  debuggerDataSize: 0x74,
  dataBlocksOffset: 0x78,
  dataBlocksCount: 0x7c,
} as const;
/** The bytes "TRGD" that stand at ValidOffset of a triage dump written to its end. */
export const triageEndMark = 0x44475254;

/** An entry of the driver list: name offset, then a loader entry that starts 8 bytes in. */
export const driverEntry = {
  sizeBytes: 0x90,
  nameOffset: 0x00,
  base: 0x38,
  sizeOfImage: 0x48,
  checkSum: 0x80,
  timeDateStamp: 0x88,
} as const;

/** The unloaded list is a 64-bit count and these entries; names stand in place and are cut to 12 characters. */
export const unloadedEntry = {
  firstAt: 8,
  sizeBytes: 56,
  nameBytes: 0x00,
  name: 0x10,
  maxNameBytes: 24,
  start: 0x28,
  end: 0x30,
} as const;

/** A range of memory: address, file offset, size. Ranges are not sorted and may overlap. */
export const dataBlock = { sizeBytes: 16, address: 0, fileOffset: 8, length: 12 } as const;

/** KDDEBUGGER_DATA64. */
export const debuggerData = { tag: 0x10, tagValue: 0x4742444b } as const;

/** Windows x64 CONTEXT. */
export const contextX64 = { rsp: 0x98, rip: 0xf8 } as const;
/** Windows arm64 CONTEXT. */
export const contextArm64 = { framePointer: 0xf0, stackPointer: 0x100, pc: 0x108 } as const;
/** EXCEPTION_RECORD64. */
export const exceptionRecord64 = { address: 0x10 } as const;
/** KTRAP_FRAME of x64: the five words the processor pushes start here. */
export const trapFrameX64 = { machineFrame: 0x168 } as const;

/**
 * Where EPROCESS.ImageFileName stands, by first build that has it there. 19041 on x64 and 22000 on arm64 were seen in
 * dumps; the others are common knowledge, so a reader checks what it finds.
 */
export const imageFileNameOffsets: readonly {
  readonly architecture: 'x64' | 'arm64';
  readonly fromBuild: number;
  readonly offset: number;
}[] = [
  { architecture: 'x64', fromBuild: 26100, offset: 0x338 },
  { architecture: 'x64', fromBuild: 19041, offset: 0x5a8 },
  { architecture: 'x64', fromBuild: 10240, offset: 0x450 },
  { architecture: 'arm64', fromBuild: 26100, offset: 0x338 },
  { architecture: 'arm64', fromBuild: 22000, offset: 0x560 },
];
export const imageFileNameBytes = 15;
