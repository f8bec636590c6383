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
  readonly directoryTableBase: number;
  readonly loadedModuleList: number;
  readonly machineImageType: number;
  readonly numberProcessors: number;
  readonly bugCheckCode: number;
  readonly bugCheckParameters: number;
  readonly kdDebuggerDataBlock: number;
  readonly physicalMemoryBlock: number;
  readonly context: number;
  readonly dumpType: number;
  readonly comment: number;
  readonly systemTime: number;
  readonly systemUpTime: number;
  /** Only the 64-bit header has attributes, only the 32-bit one tells of PAE. */
  readonly attributes?: number;
  readonly paeEnabled?: number;
}

/** DUMP_HEADER64. */
export const header64: HeaderLayout = {
  sizeBytes: 0x2000,
  addressBytes: 8,
  minorVersion: 0x0c,
  directoryTableBase: 0x10,
  loadedModuleList: 0x20,
  machineImageType: 0x30,
  numberProcessors: 0x34,
  bugCheckCode: 0x38,
  bugCheckParameters: 0x40,
  kdDebuggerDataBlock: 0x80,
  physicalMemoryBlock: 0x88,
  context: 0x348,
  dumpType: 0xf98,
  comment: 0xfb0,
  systemTime: 0xfa8,
  systemUpTime: 0x1030,
  attributes: 0x1050,
};

/** DUMP_HEADER32, known from rekall and volatility only: no real sample was at hand. */
export const header32: HeaderLayout = {
  sizeBytes: 0x1000,
  addressBytes: 4,
  minorVersion: 0x0c,
  directoryTableBase: 0x10,
  loadedModuleList: 0x18,
  machineImageType: 0x20,
  numberProcessors: 0x24,
  bugCheckCode: 0x28,
  bugCheckParameters: 0x2c,
  kdDebuggerDataBlock: 0x60,
  physicalMemoryBlock: 0x64,
  context: 0x320,
  dumpType: 0xf88,
  comment: 0x820,
  systemTime: 0xfc0,
  systemUpTime: 0xfb8,
  paeEnabled: 0x5c,
};

/** Where DUMP_HEADER64 has its exception record. */
export const header64Exception = 0xf00;
/** First byte after the fields of DUMP_HEADER64; up to the end of the header everything is reserved. */
export const header64ReservedFrom = 0x1058;
export const commentBytes = 128;
export const physicalMemoryBlockBytes = 700;

/** DUMP_FILE_ATTRIBUTES, after Microsoft's mindumpdef.h. */
export const attributes = {
  dumpFileTooSmall: 0x04,
  live: 0x10,
  encrypted: 0x100,
} as const;

/** MachineImageType, as in a PE file header. */
export const architectures: ReadonlyMap<number, 'x64' | 'arm64' | 'x86'> = new Map([
  [0x8664, 'x64'],
  [0xaa64, 'arm64'],
  [0x14c, 'x86'],
]);

export const headerDumpType = 3;
export const triageDumpType = 4;
/** DumpType. 8 to 10 are newer kinds of WinDbg with an RDMP header. */
export const formats: ReadonlyMap<number, string> = new Map([
  [1, 'full'],
  [2, 'summary'],
  [headerDumpType, 'header'],
  [triageDumpType, 'triage'],
  [5, 'bitmap'],
  [6, 'bitmap-kernel'],
  [7, 'automatic'],
  [8, 'kernel-memory'],
  [9, 'kernel-and-user-memory'],
  [10, 'complete-memory'],
]);

/** Kinds that always have a bitmap, and those with ranges of pages. */
export const bitmapDumpTypes: readonly number[] = [5, 6, 7];
export const rangeDumpTypes: readonly number[] = [8, 9, 10];
/** The newest kind bounds its ranges by a number of pages, the older two by an empty one. */
export const completeMemoryDumpType = 10;

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
/** TRIAGE_DUMP32, known from rizin only: no real sample was at hand. */
export const triage32: TriageLayout = {
  start: 0x1000,
  sizeBytes: 0x68,
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
  dataPageAddress: 0x4c,
  dataPageOffset: 0x50,
  dataPageSize: 0x54,
  debuggerDataOffset: 0x58,
  debuggerDataSize: 0x5c,
  dataBlocksOffset: 0x60,
  dataBlocksCount: 0x64,
};
/** Places of the fields in a triage dump's table of contents. */
export type TriageLayout = Readonly<Record<keyof typeof triage64, number>>;
/** The bytes "TRGD" that stand at ValidOffset of a triage dump written to its end. */
export const triageEndMark = 0x44475254;

/** The lists of a triage dump. */
export interface TriageFormat {
  readonly addressBytes: 4 | 8;
  readonly contents: TriageLayout;
  /** An entry of the driver list: name offset, then a loader entry. */
  readonly driver: {
    readonly sizeBytes: number;
    readonly nameOffset: number;
    readonly base: number;
    readonly sizeOfImage: number;
    readonly checkSum: number;
    readonly timeDateStamp: number;
  };
  /** The unloaded list is a count and these entries; names stand in place and are cut to 12 characters. */
  readonly unloaded: {
    readonly firstAt: number;
    readonly sizeBytes: number;
    readonly nameBytes: number;
    readonly name: number;
    readonly start: number;
    readonly end: number;
  };
  /** A range of memory: address, file offset, size. Ranges are not sorted and may overlap. */
  readonly block: {
    readonly sizeBytes: number;
    readonly address: number;
    readonly fileOffset: number;
    readonly length: number;
  };
}

export const triageFormat64 = {
  addressBytes: 8,
  contents: triage64,
  driver: {
    sizeBytes: 0x90,
    nameOffset: 0x00,
    base: 0x38,
    sizeOfImage: 0x48,
    checkSum: 0x80,
    timeDateStamp: 0x88,
  },
  unloaded: { firstAt: 8, sizeBytes: 56, nameBytes: 0x00, name: 0x10, start: 0x28, end: 0x30 },
  block: { sizeBytes: 16, address: 0, fileOffset: 8, length: 12 },
} as const satisfies TriageFormat;

/** The 32-bit lists follow mindumpdef.h as the 64-bit ones do, which were checked; no sample was at hand. */
export const triageFormat32: TriageFormat = {
  addressBytes: 4,
  contents: triage32,
  driver: {
    sizeBytes: 0x4c,
    nameOffset: 0x00,
    base: 0x1c,
    sizeOfImage: 0x24,
    checkSum: 0x44,
    timeDateStamp: 0x48,
  },
  unloaded: { firstAt: 4, sizeBytes: 40, nameBytes: 0x00, name: 0x08, start: 0x20, end: 0x24 },
  block: { sizeBytes: 12, address: 0, fileOffset: 4, length: 8 },
};
/** An unloaded driver's name has room for 12 characters. */
export const unloadedNameBytes = 24;

/**
 * KDDEBUGGER_DATA64, after wdbgexts.h. It names places of variables by address and places of fields by offset, which
 * is how a reader gets from it to the thread and the process that were running.
 */
export const debuggerData = {
  sizeBytes: 0x380,
  tag: 0x10,
  tagValue: 0x4742444b,
  processorBlock: 0x218,
  unloadedDrivers: 0x220,
  lastUnloadedDriver: 0x228,
  offsetThreadInitialStack: 0x29e,
  offsetThreadProcess: 0x2a0,
  sizeOfProcess: 0x2a8,
  offsetProcessorThread: 0x2b4,
  offsetProcessorContext: 0x338,
} as const;

/** Windows x64 CONTEXT. */
export const contextX64 = { rsp: 0x98, rip: 0xf8 } as const;
/** Windows x86 CONTEXT. */
export const contextX86 = { eip: 0xb8, esp: 0xc4 } as const;
/** Windows arm64 CONTEXT. */
export const contextArm64 = { framePointer: 0xf0, stackPointer: 0x100, pc: 0x108 } as const;
/** EXCEPTION_RECORD64. */
export const exceptionRecord64 = { address: 0x10 } as const;
/** EXCEPTION_RECORD32. */
export const exceptionRecord32 = { address: 0x0c } as const;
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

/** Drivers may ask for a kernel stack of this size; ordinary ones are smaller. */
export const largestStackBytes = 72 * 1024;

/** A page of memory; all walks and maps count in these. */
export const pageBytes = 0x1000;

/** PHYSICAL_MEMORY_DESCRIPTOR: number of runs, then runs of first page and number of pages, each `wordBytes` wide. */
export const physicalRuns64 = { firstAt: 0x10, sizeBytes: 16, wordBytes: 8 } as const;
export const physicalRuns32 = { firstAt: 0x08, sizeBytes: 8, wordBytes: 4 } as const;

/** The map of a bitmap dump, right after the header; its first word is one of these. */
export const bitmapMarks: readonly number[] = [0x504d4453, 0x504d4446];
/** "DUMP", the second word of both kinds of map. */
export const mapValid = 0x504d5544;
export const pageBitmap = {
  start: 0x2000,
  valid: 0x04,
  firstPage: 0x20,
  presentPages: 0x28,
  pages: 0x30,
  bits: 0x38,
} as const;

/** The map of the newer dumps of WinDbg ("RDMP"), known from kdmp-parser only. */
export const rangeMap = {
  start: 0x2000,
  mark: 0x04,
  markValue: 0x504d4452,
  valid: 0x08,
  metadataSize: 0x10,
  firstPage: 0x18,
  totalPages: 0x28,
  ranges: 0x30,
  /** What the metadata counts in starts here. */
  metadataFrom: 0x20,
  rangeBytes: 16,
} as const;
/** KLDR_DATA_TABLE_ENTRY, the entry of PsLoadedModuleList; its fields differ from a triage dump's after CheckSum. */
export const loadedModule64 = {
  sizeBytes: 0xa0,
  base: 0x30,
  sizeOfImage: 0x40,
  fullName: 0x48,
  baseName: 0x58,
  checkSum: 0x78,
  timeDateStamp: 0x9c,
} as const;
/** The same on 32-bit Windows; its TimeDateStamp is not known, so only the image itself tells it. */
export const loadedModule32 = {
  sizeBytes: 0x50,
  base: 0x18,
  sizeOfImage: 0x20,
  fullName: 0x24,
  baseName: 0x2c,
  checkSum: 0x40,
  timeDateStamp: undefined,
} as const;

/** An entry of MmUnloadedDrivers, a ring of 50. */
export const unloadedDriver64 = { sizeBytes: 0x28, name: 0x00, start: 0x10, end: 0x18, slots: 50 } as const;

/** An object of the kernel that starts with its type and has a pointer that leads on. */
export interface KernelObject {
  readonly type: number;
  readonly pointer: number;
}
/** IRP, DEVICE_OBJECT and DRIVER_OBJECT of 64-bit Windows, after wdm.h. */
export const request64: KernelObject = { type: 6, pointer: 0xb8 };
export const deviceObject64: KernelObject = { type: 3, pointer: 0x08 };
export const driverObject64: KernelObject = { type: 4, pointer: 0x18 };
/** Where an IO_STACK_LOCATION, to which an IRP leads, has its device. */
export const deviceInStackLocation = 0x28;

/** Headers of an image in memory, after Microsoft's "PE Format"; offsets from the PE signature. */
export const imageHeader = {
  dosMark: 0x5a4d,
  peMark: 0x4550,
  newHeader: 0x3c,
  readBytes: 0x400,
  timeDateStamp: 0x08,
  sizeOfImage: 0x50,
  checkSum: 0x58,
} as const;

/** Tagged data after the dump proper: a head, then blobs of tag, size and padding. */
export const taggedData = {
  mark: [0x706d7544, 0x626f6c42],
  headBytes: 0x10,
  headSize: 0x08,
  blobHeadBytes: 0x20,
  tag: 0x04,
  dataSize: 0x14,
  prePad: 0x18,
  postPad: 0x1c,
} as const;
/** Tag of winlogon's blob {80cc79cf-a719-4af1-bf97-fe29ff76ebc1}: three words, then the name of its state. */
export const winlogonTag = 'cf79cc8019a7f14abf97fe29ff76ebc1';
export const winlogonStateAt = 12;
