import assert from 'node:assert/strict';
import fc from 'fast-check';
import { buildEventLog } from '../../../agent/lab/logs/event-log.ts';
import {
  crashEvent,
  dirtyStartEvent,
  startEvent,
  unexpectedStopEvent,
  updateEvent,
} from '../../../agent/lab/logs/system-events.ts';
import { type ByteSource, memorySource } from '../../../shared/bytes/byte-source.ts';
import type { EventLogProblem, EventLogProblemCode } from '../../../shared/eventlog/event-log.ts';
import { type EventLogOptions, readEventLog } from '../../../shared/eventlog/read-event-log.ts';
import { readSystemEvents } from '../../../shared/eventlog/read-system-events.ts';
import { damagesOf, sourceOf, withDamage } from '../../support/damage.ts';
import type { FuzzDepth, FuzzedReader } from '../../support/fuzz.ts';

const codes: Readonly<Record<EventLogProblemCode, true>> = {
  'not-an-event-log': true,
  'too-short': true,
  'version-not-covered': true,
  'header-checksum-wrong': true,
  'cut-off': true,
  'chunk-broken': true,
  'chunk-checksum-wrong': true,
  'records-checksum-wrong': true,
  'record-broken': true,
  'records-past-the-end': true,
  'xml-broken': true,
  'log-too-long': true,
  'too-many-events': true,
  'too-much-work': true,
};

const at = (minute: number) => new Date(Date.UTC(2024, 6, 19, 4, minute));
const crash = { code: 0x50, parameters: [1n, 2n, 0xfffff80212345678n, 0n] } as const;
const events = [
  startEvent(at(0), 22631, 1),
  updateEvent(at(1), 'failed', 'Update (KB5040442)', 0x800f0922),
  unexpectedStopEvent(at(2), at(1)),
  dirtyStartEvent(at(3), crash),
  crashEvent(at(4), crash),
  startEvent(at(5), 22631, 2),
];
const wholeLogs: Readonly<Record<string, Uint8Array>> = {
  'one chunk': buildEventLog({ computer: 'LAB-1', events }),
  'two chunks': buildEventLog({ computer: 'LAB-1', events, eventsPerChunk: 4, isDirty: true }),
  'begun again': buildEventLog({ computer: 'LAB-1', events, eventsPerChunk: 3, hasWrapped: true }),
};

const firstChunk = 4096;
const limits: readonly EventLogOptions[] = [{ maxChunks: 1 }, { maxEvents: 2 }, { maxEvents: 0 }];

function readSafely(source: ByteSource, options: EventLogOptions = {}, depth: FuzzDepth = 'all'): string[] {
  const result = readEventLog(source, options);
  const problems: readonly EventLogProblem[] = result.ok ? result.log.problems : [result.problem];
  assert.ok(problems.length <= 64);
  for (const { message, offset } of problems) {
    assert.ok(message.length > 10 && offset >= 0 && offset <= source.sizeBytes);
  }
  if (result.ok) {
    for (const event of result.log.events) {
      assert.ok(Number.isSafeInteger(event.recordId) && event.data.length <= 128);
    }
  }
  const found = problems.map(problem => problem.code);
  if (depth === 'few') return found;
  const system = readSystemEvents(source, options);
  assert.equal(system.ok, result.ok);
  return [...found, ...(system.ok ? system.log.problems.map(problem => problem.code) : [])];
}

/** A log whose texts are all one long text. */
function logOfOneText(): Uint8Array {
  const values = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`v${index}`, 'x']));
  const long = { ...values, v0: 'long '.repeat(360) };
  const event = (minute: number) => ({ at: at(minute), provider: 'Lab', eventId: 1, values: long });
  const log = buildEventLog({
    computer: 'LAB-1',
    events: Array.from({ length: 600 }, (_, minute) => event(minute % 60)),
  });
  for (let place = firstChunk; place + 4 < log.length; place++) {
    if (log[place] === 0x0d && log[place + 2] === 0 && log[place + 3] === 0x01) log[place + 1] = 0;
  }
  return log;
}

/** Event logs, read as they are and for what tells about starts. */
export const eventLogReader: FuzzedReader = {
  name: 'event-log',
  codes: Object.keys(codes),
  damages: damagesOf(Object.keys(wholeLogs), {
    places: fc.oneof(
      fc.nat(127),
      fc.constantFrom(0, 24, 32, 44, 48, 52, 124).map(place => firstChunk + place),
      fc.nat(6000).map(place => firstChunk + 512 + place),
      fc.nat(6000).map(place => firstChunk + 0x10000 + place),
    ),
  }),
  read: (damage, depth, measure) =>
    withDamage(wholeLogs[damage.kind]!, damage, bytes =>
      measure(bytes.length, () => readSafely(sourceOf(bytes, damage), limits[damage.roll >> 4], depth)),
    ),
  extremes: [
    measure => {
      const bytes = logOfOneText();
      return measure(bytes.length, () => readSafely(memorySource(bytes), {}, 'few'));
    },
  ],
};
