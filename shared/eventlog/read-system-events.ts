import type { ByteSource } from '../bytes/byte-source.ts';
import { type EventLogOptions, readEventLog } from './read-event-log.ts';
import type { SystemEvent, SystemEventsResult } from './system-event.ts';
import { hasReading, readingOf } from './system-reading.ts';

/** How much of the log to read. */
export type SystemEventsOptions = Omit<EventLogOptions, 'isWanted'>;

/** Reads System.evtx for what tells about starts, stops, crashes and updates, newest first; never throws. */
export function readSystemEvents(source: ByteSource, options: SystemEventsOptions = {}): SystemEventsResult {
  const result = readEventLog(source, { ...options, isWanted: hasReading });
  if (!result.ok) return result;
  const { isDirty, recordCount, problems } = result.log;
  const events = result.log.events.flatMap((event): SystemEvent[] => {
    const reading = readingOf(event, event.data);
    if (!reading) return [];
    const { recordId, at, provider, eventId } = event;
    return [{ recordId, at, provider, eventId, ...reading }];
  });
  return { ok: true, log: { format: 'system-events', isDirty, recordCount, events, problems } };
}
