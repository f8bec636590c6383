import type { ByteReader } from '../bytes/byte-reader.ts';
import type { FileOffset } from '../bytes/byte-source.ts';
import { type TriageFormat, type TriageLayout, triageEndMark } from './layout.ts';
import type { MissingParts } from './missing-parts.ts';
import { readWord } from './words.ts';

type FieldName = Exclude<keyof TriageLayout, 'start' | 'sizeBytes' | 'topOfStack' | 'dataPageAddress'>;

/** The table of contents of a triage dump; offsets are as the dump tells them and may lie. */
export type TriageContents = Readonly<Record<FieldName, number>> & {
  readonly topOfStack: bigint;
  readonly dataPageAddress: bigint;
};

/** Reads the table of contents and checks the end mark; undefined when the file ends before it. */
export function readTriageContents(
  reader: ByteReader,
  { contents: places, addressBytes }: TriageFormat,
  missing: MissingParts,
): TriageContents | undefined {
  const { start } = places;
  if (!reader.holds(start, places.sizeBytes)) {
    const message = `the file ends after ${reader.sizeBytes} bytes, before the table of contents at ${start}`;
    missing.add('cut-off', 'triage sections', message, Math.min(reader.sizeBytes, start));
    return undefined;
  }
  if (reader.u32(start) === undefined) {
    const message = `the table of contents at ${start} is there, but could not be read`;
    missing.add('unreadable', 'triage sections', message, start);
    return undefined;
  }
  const field = (name: FieldName) => reader.u32(start + places[name]) ?? 0;
  const contents: TriageContents = {
    sizeOfDump: field('sizeOfDump'),
    validOffset: field('validOffset'),
    contextOffset: field('contextOffset'),
    exceptionOffset: field('exceptionOffset'),
    unloadedDriversOffset: field('unloadedDriversOffset'),
    processOffset: field('processOffset'),
    threadOffset: field('threadOffset'),
    callStackOffset: field('callStackOffset'),
    sizeOfCallStack: field('sizeOfCallStack'),
    driverListOffset: field('driverListOffset'),
    driverCount: field('driverCount'),
    stringPoolOffset: field('stringPoolOffset'),
    stringPoolSize: field('stringPoolSize'),
    triageOptions: field('triageOptions'),
    topOfStack: readWord(reader, start + places.topOfStack, addressBytes) ?? 0n,
    dataPageAddress: readWord(reader, start + places.dataPageAddress, addressBytes) ?? 0n,
    dataPageOffset: field('dataPageOffset'),
    dataPageSize: field('dataPageSize'),
    debuggerDataOffset: field('debuggerDataOffset'),
    debuggerDataSize: field('debuggerDataSize'),
    dataBlocksOffset: field('dataBlocksOffset'),
    dataBlocksCount: field('dataBlocksCount'),
  };
  const endMark = reader.u32(contents.validOffset);
  if (endMark === undefined && reader.holds(contents.validOffset, 4)) {
    const message = 'the end of the dump is there, but could not be read';
    missing.add('unreadable', 'end of the dump', message, contents.validOffset);
  } else if (endMark !== triageEndMark) {
    const message =
      contents.validOffset + 4 > reader.sizeBytes
        ? `the dump should end at ${contents.validOffset + 4}, the file ends at ${reader.sizeBytes}: it was cut off`
        : 'the mark TRGD at the end of the dump is not there: it was not written to its end or is damaged';
    missing.add('end-mark-missing', 'end of the dump', message, contents.validOffset);
  }
  return contents;
}

/** How many entries of a list can be read: not more than the file holds after `offset`, nor than `most`. */
export function countEntries(
  reader: ByteReader,
  { contents }: TriageFormat,
  list: { what: string; offset: FileOffset; count: number; entryBytes: number; most: number },
  missing: MissingParts,
): number {
  const { what, offset, count, entryBytes, most } = list;
  if (count === 0) return 0;
  if (offset < contents.start + contents.sizeBytes || offset >= reader.sizeBytes) {
    missing.add(
      'out-of-file',
      what,
      `the ${what} should start at ${offset}, outside of the dump's body`,
      offset,
    );
    return 0;
  }
  if (reader.u8(offset) === undefined) {
    missing.add('unreadable', what, `the ${what} at ${offset} is there, but could not be read`, offset);
    return 0;
  }
  const room = Math.floor((reader.sizeBytes - offset) / entryBytes);
  if (count > room) {
    const message = `of ${count} entries of the ${what}, ${room} fit into the file`;
    missing.add('cut-off', what, message, offset + room * entryBytes);
  }
  if (Math.min(count, room) > most) {
    missing.add(
      'too-many',
      what,
      `${count} entries of the ${what} are told; the first ${most} are read`,
      offset,
    );
  }
  return Math.min(count, room, most);
}
