import type { ByteReader } from '../bytes/byte-reader.ts';
import { textOfUtf16 } from '../bytes/utf16.ts';
import type { HiveProblem } from './hive-problem.ts';
import {
  baseBlock as field,
  baseBlockBytes,
  regfSignature,
  sectorBytes,
  transactionsPending,
} from './layout.ts';

/** The head of a hive or of one of its logs. */
export interface BaseBlock {
  readonly primarySequence: number;
  readonly secondarySequence: number;
  /** FILETIME; zero where Windows no longer keeps it (since 8.1). */
  readonly lastWritten: bigint;
  readonly majorVersion: number;
  readonly minorVersion: number;
  readonly fileType: number;
  /** Cell offset of the root key. */
  readonly rootCell: number;
  /** What the hive's bins take, as told here. */
  readonly binsSizeBytes: number;
  /** End of the path the hive was loaded from, for people. */
  readonly fileName: string;
  readonly transactionsPending: boolean;
  readonly checksumHolds: boolean;
}

/** Reads the first sector of a hive or log; a problem when it is none. A wrong checksum is told, not refused. */
export function readBaseBlock(reader: ByteReader): BaseBlock | HiveProblem {
  const head = reader.bytes(0, sectorBytes);
  const structure = 'base-block';
  if (!head) {
    const message = `the file has ${reader.sizeBytes} bytes; a hive starts with a base block of ${baseBlockBytes}`;
    return { code: 'too-short', message, offset: reader.sizeBytes, structure };
  }
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const u32 = (at: number): number => view.getUint32(at, true);
  if (u32(0) !== regfSignature) {
    return { code: 'not-a-hive', message: 'the file does not start with "regf"', offset: 0, structure };
  }
  const name = textOfUtf16(head.subarray(field.fileName, field.fileName + field.fileNameBytes));
  return {
    primarySequence: u32(field.primarySequence),
    secondarySequence: u32(field.secondarySequence),
    lastWritten: view.getBigUint64(field.lastWritten, true),
    majorVersion: u32(field.majorVersion),
    minorVersion: u32(field.minorVersion),
    fileType: u32(field.fileType),
    rootCell: u32(field.rootCell),
    binsSizeBytes: u32(field.binsSize),
    fileName: name.split('\0', 1)[0]!,
    transactionsPending: (u32(field.flags) & transactionsPending) !== 0,
    checksumHolds: u32(field.checksum) === checksumOf(head),
  };
}

/** Whether Windows would recover the hive from its logs before it uses it. */
export const isDirty = (block: BaseBlock): boolean =>
  !block.checksumHolds || block.primarySequence !== block.secondarySequence;

/** XOR of the words before the checksum field of a first sector; never 0 nor all ones. */
export function checksumOf(sector: Uint8Array): number {
  const view = new DataView(sector.buffer, sector.byteOffset, sector.byteLength);
  let sum = 0;
  for (let at = 0; at < field.checksum; at += 4) sum ^= view.getUint32(at, true);
  sum >>>= 0;
  return sum === 0 ? 1 : sum === 0xffffffff ? 0xfffffffe : sum;
}

/** What a plan or a recovery sets in a hive's head; what is left out stays. */
export interface HeadChanges {
  readonly sequence: number;
  readonly binsSizeBytes?: number;
  readonly transactionsPending?: boolean;
}

/** A first sector that says "clean": both sequence numbers equal, type primary, checksum right. */
export function cleanHead(sector: Uint8Array, changes: HeadChanges): Uint8Array {
  // a copy whatever kind of view the source gives: `slice` of a Buffer is none
  const head = new Uint8Array(sector.subarray(0, sectorBytes));
  const view = new DataView(head.buffer);
  const set = (at: number, value: number): void => view.setUint32(at, value, true);
  set(field.primarySequence, changes.sequence);
  set(field.secondarySequence, changes.sequence);
  set(field.fileType, 0);
  if (changes.binsSizeBytes !== undefined) set(field.binsSize, changes.binsSizeBytes);
  if (changes.transactionsPending !== undefined) {
    const others = view.getUint32(field.flags, true) & ~transactionsPending;
    set(field.flags, changes.transactionsPending ? others | transactionsPending : others);
  }
  set(field.checksum, checksumOf(head));
  return head;
}

/** Whether one sequence number is newer than another; they wrap around at 32 bits. */
export const isNewer = (sequence: number, than: number): boolean =>
  sequence !== than && (sequence - than) >>> 0 < 0x80000000;

/** The sequence number after another. */
export const nextSequence = (sequence: number): number => (sequence + 1) >>> 0;
