import type { FileOffset } from '../bytes/byte-source.ts';
import { instantOfFileTime } from '../registry/file-time.ts';
import { crc32Of } from './crc32.ts';
import type { EventLogProblems } from './event-log.ts';
import { chunk, record } from './layout.ts';

/** Where a record lies in its chunk. */
export interface RecordPlace {
  readonly at: number;
  readonly sizeBytes: number;
  readonly recordId: number;
  readonly writtenAt: string | null;
  readonly isRecovered: boolean;
}

/** The records of one chunk, in the order of the file; what is wrong with the chunk is told, and the rest is found. */
export function findRecords(
  bytes: Uint8Array,
  offset: FileOffset,
  problems: EventLogProblems,
): RecordPlace[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isWhole = bytes.length === chunk.sizeBytes;
  if (!isWhole) {
    const message = `the file ends ${bytes.length} bytes into a chunk of ${chunk.sizeBytes}`;
    problems.add('cut-off', 'chunk', offset, message);
  }
  const hasHeader = bytes.length >= chunk.headerBytes && hasSignature(bytes, chunk.signature);
  if (!hasHeader) {
    problems.add('chunk-broken', 'chunk', offset, 'no chunk begins here; its records are searched for');
    return walkRecords(bytes, view, 0, { offset, problems, isTrusted: false, knownEnd: 0 });
  }
  const freeSpace = view.getUint32(chunk.freeSpace, true);
  checkSums(bytes, view, freeSpace, offset, problems);
  const knownEnd = Math.min(Math.max(freeSpace, chunk.headerBytes), bytes.length);
  return walkRecords(bytes, view, chunk.headerBytes, { offset, problems, isTrusted: true, knownEnd });
}

/** Whether bytes begin with an ASCII signature. */
export const hasSignature = (bytes: Uint8Array, signature: string): boolean =>
  bytes.length >= signature.length &&
  Array.from(signature).every((character, at) => bytes[at] === character.charCodeAt(0));

function checkSums(
  bytes: Uint8Array,
  view: DataView,
  freeSpace: number,
  offset: FileOffset,
  problems: EventLogProblems,
): void {
  const header = crc32Of(...chunk.checksummed.map(([from, to]) => bytes.subarray(from, to)));
  if (header !== view.getUint32(chunk.headerChecksum, true)) {
    problems.add('chunk-checksum-wrong', 'chunk', offset, 'the header of this chunk was changed or torn');
  }
  if (bytes.length < chunk.sizeBytes) return;
  const records = crc32Of(bytes.subarray(chunk.headerBytes, Math.min(freeSpace, bytes.length)));
  if (records !== view.getUint32(chunk.recordsChecksum, true)) {
    const message = 'the records of this chunk were changed or torn; those that read well are given';
    problems.add('records-checksum-wrong', 'chunk', offset, message);
  }
}

interface Walk {
  readonly offset: FileOffset;
  readonly problems: EventLogProblems;
  readonly isTrusted: boolean;
  /** Where the header says that the records end. */
  readonly knownEnd: number;
}

function walkRecords(bytes: Uint8Array, view: DataView, start: number, walk: Walk): RecordPlace[] {
  const found: RecordPlace[] = [];
  let at = start;
  let isRecovered = !walk.isTrusted;
  while (at + record.minBytes <= bytes.length) {
    const place = recordAt(view, at, isRecovered || at >= walk.knownEnd);
    if (place && isExpected(place, found.at(-1), at >= walk.knownEnd && walk.isTrusted)) {
      if (walk.isTrusted && at >= walk.knownEnd && found.at(-1)?.isRecovered === false) {
        const message = 'the header of this chunk lags behind its records, as after a crash; they are given';
        walk.problems.add('records-past-the-end', 'record', walk.offset + at, message);
      }
      found.push(place);
      at += place.sizeBytes;
      continue;
    }
    if (walk.isTrusted && at >= walk.knownEnd) break;
    if (walk.isTrusted && !isRecovered) {
      const message = 'no whole record lies here; the next one is searched for';
      walk.problems.add('record-broken', 'record', walk.offset + at, message);
      isRecovered = true;
    }
    at += record.alignmentBytes;
  }
  return found;
}

/** Old records may lie behind the newest one where a chunk is used again: their numbers do not go on. */
const isExpected = (place: RecordPlace, last: RecordPlace | undefined, isPastEnd: boolean) =>
  !isPastEnd || (last !== undefined && place.recordId === last.recordId + 1);

function recordAt(view: DataView, at: number, isRecovered: boolean): RecordPlace | undefined {
  if (view.getUint32(at, true) !== record.signature) return undefined;
  const sizeBytes = view.getUint32(at + record.sizeBytes, true);
  if (sizeBytes < record.minBytes || sizeBytes > view.byteLength - at) return undefined;
  if (view.getUint32(at + sizeBytes - record.tailBytes, true) !== sizeBytes) return undefined;
  const recordId = Number(view.getBigUint64(at + record.recordId, true));
  if (!Number.isSafeInteger(recordId)) return undefined;
  const writtenAt = instantOfFileTime(view.getBigUint64(at + record.writtenAt, true));
  return { at, sizeBytes, recordId, writtenAt, isRecovered };
}
