/**
 * Layouts of .evtx files. Source: the format description of libevtx (Joachim Metz, after Andreas Schuster and
 * [MS-EVEN6]), held against real logs of Windows 7 and 10. All numbers are little-endian.
 */
export const fileHeader = {
  sizeBytes: 128,
  signature: 'ElfFile\0',
  firstChunk: 8,
  lastChunk: 16,
  minorVersion: 36,
  majorVersion: 38,
  headerBlockSize: 40,
  chunkCount: 42,
  flags: 120,
  checksum: 124,
  /** The checksum covers the bytes before the flags, so that Windows can mark a log as open without it. */
  checksummedBytes: 120,
} as const;

export const isDirtyFlag = 1;

export const chunk = {
  sizeBytes: 64 * 1024,
  headerBytes: 512,
  signature: 'ElfChnk\0',
  firstRecordId: 24,
  lastRecordId: 32,
  freeSpace: 48,
  recordsChecksum: 52,
  headerChecksum: 124,
  /** The checksum of the header covers these, leaving out itself and the flags before it. */
  checksummed: [
    [0, 120],
    [128, 512],
  ],
} as const;

export const record = {
  signature: 0x2a2a,
  sizeBytes: 4,
  recordId: 8,
  writtenAt: 16,
  binaryXml: 24,
  /** A copy of the size ends the record. */
  tailBytes: 4,
  minBytes: 28,
  /** Records begin at multiples of this. */
  alignmentBytes: 8,
} as const;

/** Tokens of binary XML; bit 0x40 says that attributes or more data follow and is masked out. */
export const token = {
  endOfFragment: 0x00,
  openElement: 0x01,
  closeStart: 0x02,
  closeEmpty: 0x03,
  endElement: 0x04,
  text: 0x05,
  attribute: 0x06,
  characterData: 0x07,
  characterReference: 0x08,
  entityReference: 0x09,
  instructionTarget: 0x0a,
  instructionData: 0x0b,
  templateInstance: 0x0c,
  substitution: 0x0d,
  optionalSubstitution: 0x0e,
  fragmentHeader: 0x0f,
} as const;

export const valueType = {
  nothing: 0x00,
  text: 0x01,
  ansiText: 0x02,
  int8: 0x03,
  uint8: 0x04,
  int16: 0x05,
  uint16: 0x06,
  int32: 0x07,
  uint32: 0x08,
  int64: 0x09,
  uint64: 0x0a,
  real32: 0x0b,
  real64: 0x0c,
  boolean: 0x0d,
  binary: 0x0e,
  guid: 0x0f,
  size: 0x10,
  fileTime: 0x11,
  systemTime: 0x12,
  securityId: 0x13,
  hex32: 0x14,
  hex64: 0x15,
  binaryXml: 0x21,
  arrayFlag: 0x80,
} as const;
