import type { ByteSource } from '../bytes/byte-source.ts';
import { findRecords, type RecordPlace } from './chunk.ts';
import { EventDocument } from './event.ts';
import { type EventHead, EventLogProblems, type EventLogResult } from './event-log.ts';
import type { LoggedEvent } from './event-log.ts';
import { findChunks, readFileHeader } from './find-chunks.ts';
import { chunk, record } from './layout.ts';
import { BrokenXml, ChunkXml } from './template.ts';
import { WorkLimit, WorkSpent } from './work-limit.ts';

/** What to read of a log and when to stop. */
export interface EventLogOptions {
  /** Which events to give; all when absent. */
  readonly isWanted?: (head: EventHead) => boolean;
  /** The newest so many, 1000 when absent. */
  readonly maxEvents?: number;
  /** How many chunks of 64 KiB to read, newest first; 512 when absent, more than the 20 MB that Windows keeps. */
  readonly maxChunks?: number;
}

/** Real logs need less than 2 for each byte. */
const workPerByte = 4;
/** So much for a log of one chunk. */
const minWork = 256 * 1024;

/**
 * Reads a Windows event log (.evtx), newest events first. Damaged chunks are searched for whole records. Never throws;
 * what is wrong is named in `problems`, and a file that is no event log is a problem itself.
 */
export function readEventLog(source: ByteSource, options: EventLogOptions = {}): EventLogResult {
  const { isWanted = () => true, maxEvents = 1000, maxChunks = 512 } = options;
  const problems = new EventLogProblems();
  const header = readFileHeader(source, problems);
  if (!header.ok) return header;
  const starts = findChunks(source, header.firstChunkAt, maxChunks, problems);
  const limit = new WorkLimit(
    Math.max(minWork, workPerByte * Math.min(source.sizeBytes, maxChunks * chunk.sizeBytes)),
  );
  const events: LoggedEvent[] = [];
  let recordCount = 0;
  for (const start of starts) {
    if (events.length > maxEvents || limit.isSpent) break;
    const bytes = source.read(start, chunk.sizeBytes);
    const places = findRecords(bytes, start, problems);
    recordCount += places.length;
    events.push(...readRecords(bytes, start, places, { isWanted, limit, problems }));
  }
  if (events.length > maxEvents) {
    const message = `only the newest ${maxEvents} of the wanted events are given`;
    problems.add('too-many-events', 'record', 0, message);
  }
  const newestFirst = events.sort((a, b) => b.recordId - a.recordId).slice(0, maxEvents);
  const { version, isDirty } = header;
  const log = { format: 'event-log', version, isDirty, recordCount, events: newestFirst } as const;
  return { ok: true, log: { ...log, problems: problems.list } };
}

interface RecordReading {
  readonly isWanted: (head: EventHead) => boolean;
  readonly limit: WorkLimit;
  readonly problems: EventLogProblems;
}

function readRecords(
  bytes: Uint8Array,
  start: number,
  places: readonly RecordPlace[],
  { isWanted, limit, problems }: RecordReading,
): LoggedEvent[] {
  const xml = new ChunkXml(bytes, limit);
  const events: LoggedEvent[] = [];
  for (const place of places.toReversed()) {
    try {
      const end = place.at + place.sizeBytes - record.tailBytes;
      const root = xml.readFragment(place.at + record.binaryXml, end);
      const document = new EventDocument(xml, root, limit);
      const system = document.readSystem();
      if (!isWanted(system)) continue;
      const { createdAt, ...head } = system;
      const { recordId, writtenAt, isRecovered } = place;
      const at = createdAt ?? writtenAt;
      const data = document.readData();
      events.push({ recordId, ...head, at, data, isRecovered, offset: start + place.at });
    } catch (error) {
      if (error instanceof WorkSpent) {
        const message = 'the log names the same texts so often that reading on would take too long';
        problems.add('too-much-work', 'record', start + place.at, message);
        break;
      }
      if (!(error instanceof BrokenXml)) throw error;
      const message = `record ${place.recordId} cannot be read: ${error.message}`;
      // A damaged offset points anywhere; the record is then the place to look.
      const isInside = error.at > 0 && error.at < bytes.length;
      problems.add('xml-broken', 'binary-xml', start + (isInside ? error.at : place.at), message);
    }
  }
  return events;
}
