import { crc32 } from 'node:zlib';
import { EventChunk } from './event-chunk.ts';

/** A value of an event, written with the type that Windows would choose. */
export type LabEventValue = string | number | bigint | boolean | Date | { readonly hex32: number };

/** One event of a lab machine. */
export interface LabEvent {
  readonly at: Date;
  readonly provider: string;
  readonly eventSource?: string;
  readonly eventId: number;
  /** 1 critical, 2 error, 3 warning, 4 information. */
  readonly level?: number;
  /** Values by name; a list for classic events, whose values have no names. */
  readonly values?: Readonly<Record<string, LabEventValue>> | readonly string[];
  /** Binary data at the end of a classic event. */
  readonly binary?: Uint8Array;
}

export interface LabEventLog {
  readonly computer: string;
  /** Oldest first. */
  readonly events: readonly LabEvent[];
  readonly firstRecordId?: number;
  /** How many events go into a chunk at most; as many as fit when absent. */
  readonly eventsPerChunk?: number;
  /** Write the chunks as a log that has begun again at its start: the newest come first in the file. */
  readonly hasWrapped?: boolean;
  /** As Windows leaves a log that it had open when it died. */
  readonly isDirty?: boolean;
}

/** Builds an .evtx file. */
export function buildEventLog(log: LabEventLog): Uint8Array {
  const firstRecordId = log.firstRecordId ?? 1;
  const chunks: EventChunk[] = [];
  log.events.forEach((event, index) => {
    const open = chunks.at(-1);
    const isFull = !open || !open.hasRoom || open.count >= (log.eventsPerChunk ?? Infinity);
    const chunk = isFull ? new EventChunk(log.computer, firstRecordId + index) : open;
    if (isFull) chunks.push(chunk);
    chunk.write(event, firstRecordId + index);
  });
  const inFile = log.hasWrapped ? [...chunks.slice(1), ...chunks.slice(0, 1)] : chunks;
  const next = firstRecordId + log.events.length;
  const isDirty = log.isDirty ?? false;
  return Uint8Array.from(
    Buffer.concat([fileHeaderOf(chunks.length, next, isDirty), ...inFile.map(one => one.finish())]),
  );
}

function fileHeaderOf(chunkCount: number, nextRecordId: number, isDirty: boolean): Buffer {
  const header = Buffer.alloc(4096);
  header.write('ElfFile\0', 'latin1');
  header.writeBigUInt64LE(BigInt(Math.max(0, chunkCount - 1)), 16);
  header.writeBigUInt64LE(BigInt(nextRecordId), 24);
  header.writeUInt32LE(128, 32);
  header.writeUInt16LE(1, 36);
  header.writeUInt16LE(3, 38);
  header.writeUInt16LE(4096, 40);
  header.writeUInt16LE(chunkCount, 42);
  header.writeUInt32LE(isDirty ? 1 : 0, 120);
  header.writeUInt32LE(crc32(header.subarray(0, 120)), 124);
  return header;
}
