// Places of fields in registry hives and their logs. Source: Maxim Suhanov, "Windows registry file format
// specification" (github.com/msuhanov/regf, CC BY 4.0), checked against real hives of Windows 7 and 10 and against
// hives that Windows itself recovered. All values are little endian. Cell offsets count from the first hive bin.

export const baseBlockBytes = 4096;
/** Logs speak of sectors of 512 bytes whatever the disk has. */
export const sectorBytes = 512;
export const binAlignment = 4096;
export const binHeaderBytes = 32;
/** A cell offset that points nowhere. */
export const noCell = 0xffffffff;

/** "regf", "hbin", "DIRT" and "HvLE". */
export const regfSignature = 0x66676572;
export const hbinSignature = 0x6e696268;
export const dirtSignature = 0x54524944;
export const logEntrySignature = 0x454c7648;

/** Fields of the base block. */
export const baseBlock = {
  primarySequence: 4,
  secondarySequence: 8,
  lastWritten: 12,
  majorVersion: 20,
  minorVersion: 24,
  fileType: 28,
  rootCell: 36,
  binsSize: 40,
  fileName: 48,
  fileNameBytes: 64,
  flags: 144,
  checksum: 508,
} as const;

export const fileTypes = { primary: 0, oldLog: 1, oldestLog: 2, newLog: 6 } as const;
/** In the flags of the base block: transactions are pending, so TxR logs belong to the hive too. */
export const transactionsPending = 1;

/** Fields of a hive bin's header. */
export const bin = { offset: 4, size: 8, timestamp: 20 } as const;

/** Cell data starts with these two letters, except in lists and value data. */
export const signatures = {
  key: 0x6b6e,
  value: 0x6b76,
  security: 0x6b73,
  bigData: 0x6264,
  indexLeaf: 0x696c,
  fastLeaf: 0x666c,
  hashLeaf: 0x686c,
  indexRoot: 0x6972,
} as const;

/** Fields of a key node, counted from the cell's data. */
export const keyNode = {
  flags: 2,
  lastWritten: 4,
  parent: 16,
  subkeyCount: 20,
  subkeyList: 28,
  volatileSubkeyList: 32,
  valueCount: 36,
  valueList: 40,
  security: 44,
  className: 48,
  /** The longest name of a subkey, in bytes of UTF-16; two bytes, behind which flags stand. */
  largestSubkeyName: 52,
  largestValueName: 60,
  largestValueData: 64,
  nameBytes: 72,
  classNameBytes: 74,
  name: 76,
} as const;
export const keyFlags = {
  hiveExit: 0x02,
  hiveEntry: 0x04,
  noDelete: 0x08,
  symbolicLink: 0x10,
  compressedName: 0x20,
  predefinedHandle: 0x40,
} as const;

/** Fields of a security record: a ring of all of them, and how many keys have it. */
export const securityRecord = { next: 4, before: 8, references: 12 } as const;

/** Fields of a key value, counted from the cell's data. */
export const keyValue = {
  nameBytes: 2,
  dataSize: 4,
  data: 8,
  type: 12,
  flags: 16,
  name: 20,
} as const;
export const valueFlags = { compressedName: 1, tombstone: 2 } as const;
/** Set in a data size: at most 4 bytes of data stand in the data offset itself. */
export const inlineData = 0x80000000;

export const subkeyListHeaderBytes = 4;
/** Fields of a big data record, and how much each of its segments holds but the last. */
export const bigData = { segmentCount: 2, segmentList: 4, sizeBytes: 8 } as const;
export const segmentBytes = 16344;
/** Big data exists from this minor version on. */
export const bigDataSinceMinor = 4;

/** Minor versions with the cell format read here; 0 and 1 are of Windows NT 3.1 and differ. */
export const minorVersions = { least: 2, most: 6 } as const;

/** Fields of a log entry in the new format; page references follow, then the pages. */
export const logEntry = {
  size: 4,
  flags: 8,
  sequence: 12,
  binsSize: 16,
  pageCount: 20,
  pagesHash: 24,
  headHash: 32,
  pages: 40,
  pageReferenceBytes: 8,
} as const;
/** The number 0x82EF4D887A4E55C5; the specification prints it as bytes, but they are not to be read in file order. */
export const logSeed = { low: 0x7a4e55c5, high: 0x82ef4d88 } as const;
