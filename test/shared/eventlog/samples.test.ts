import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { buildEventLog } from '../../../agent/lab/logs/event-log.ts';
import {
  crashEvent,
  dirtyStartEvent,
  startEvent,
  unexpectedStopEvent,
  updateEvent,
} from '../../../agent/lab/logs/system-events.ts';
import { memorySource } from '../../../shared/bytes/byte-source.ts';
import type { LoggedEvent } from '../../../shared/eventlog/event-log.ts';
import { makeEventLogExtract } from '../../../shared/eventlog/make-event-log-extract.ts';
import { readEventLog } from '../../../shared/eventlog/read-event-log.ts';
import { readSystemEvents } from '../../../shared/eventlog/read-system-events.ts';
import { libevtx } from '../../support/debian-packages.ts';
import { samplePath, skipWithout } from '../../support/samples.ts';
import { type ExportedEvent, exportEvents } from './evtxexport.ts';

const systemLog = 'evtx/system_python-evtx.evtx';
const cutLog = 'evtx/System2_plaso.evtx';
const withoutSecondReader = existsSync(libevtx.file) ? false : 'evtxexport of libevtx-utils is not here';

function readAll(bytes: Uint8Array) {
  const result = readEventLog(memorySource(bytes), { maxEvents: 10_000 });
  assert.ok(result.ok);
  return result.log;
}

const comparable = (event: LoggedEvent): ExportedEvent => ({
  recordId: event.recordId,
  provider: event.provider,
  eventSource: event.eventSource,
  eventId: event.eventId,
  at: event.at ?? '',
  data: event.data,
});

/** Numbers without leading zeros and hex digits in lower case, which the two readers write differently. */
const withoutFill = (event: ExportedEvent): ExportedEvent => ({
  ...event,
  data: event.data.map(({ name, value }) => {
    const digits = /^[0-9A-F]{8,}$/.test(value) ? value.toLowerCase() : value;
    return { name, value: digits.replace(/^0x0+(?=[0-9a-f])/i, '0x') };
  }),
});

/** Programs may define their own elements, which evtxexport nests and we give by name: compared by their head. */
const hasOwnElements = (event: LoggedEvent) =>
  event.data.some(one => one.name !== null && one.name !== 'Binary');

function assertSame(ours: readonly LoggedEvent[], theirs: readonly ExportedEvent[]): void {
  const byId = new Map(ours.map(event => [event.recordId, event]));
  for (const expected of theirs) {
    const event = byId.get(expected.recordId);
    assert.ok(event, `record ${expected.recordId} is missing`);
    const isOwn = expected.data.length === 0 && hasOwnElements(event);
    const [actual, wanted] = [withoutFill(comparable(event)), withoutFill(expected)];
    assert.deepEqual(isOwn ? { ...actual, data: [] } : actual, wanted);
  }
}

test(
  'every event of a real System log is the one that a second reader finds',
  { skip: skipWithout(systemLog) || withoutSecondReader },
  () => {
    const log = readAll(readFileSync(samplePath(systemLog)));
    const theirs = exportEvents(samplePath(systemLog));
    assert.deepEqual([log.recordCount, log.events.length, theirs.length], [1601, 1601, 1601]);
    assert.deepEqual(log.problems, []);
    assertSame(log.events, theirs);
  },
);

test(
  'a log that was cut off gives what a second reader finds and the records of the torn chunk as well',
  { skip: skipWithout(cutLog) || withoutSecondReader },
  () => {
    const log = readAll(readFileSync(samplePath(cutLog)));
    const theirs = exportEvents(samplePath(cutLog));
    assertSame(log.events, theirs);
    assert.ok(theirs.length === 194 && log.events.length === 283, 'the last chunk holds 89 whole records');
    assert.ok(log.problems.some(problem => problem.code === 'cut-off'));
  },
);

test(
  'a real System log tells of its crash, both dirty starts and its updates',
  { skip: skipWithout(systemLog) },
  () => {
    const result = readSystemEvents(memorySource(readFileSync(samplePath(systemLog))));
    assert.ok(result.ok);
    const { events } = result.log;
    const of = (kind: string) => events.filter(event => event.kind === kind);
    assert.deepEqual(
      ['crash', 'dirty-start', 'unexpected-stop', 'update', 'asked-to-stop', 'start', 'stop'].map(
        kind => of(kind).length,
      ),
      [1, 2, 2, 8, 3, 5, 3],
    );
    assert.deepEqual(
      events.map(event => event.recordId),
      events.map(event => event.recordId).sort((a, b) => b - a),
    );
    const [crash] = of('crash');
    assert.ok(crash?.kind === 'crash');
    assert.equal(crash.code, '0x10001');
    assert.equal(crash.dumpPath, String.raw`C:\Windows\MEMORY.DMP`);
    assert.equal(crash.at, '2012-04-06T14:07:52.000Z');
    const updates = of('update').map(event => (event.kind === 'update' ? event.knowledgeBase : null));
    assert.ok(updates.includes('KB2647518') && updates.includes('KB890830'));
    const starts = of('dirty-start').map(event => (event.kind === 'dirty-start' ? event.code : ''));
    assert.deepEqual(starts, [null, '0x10001']);
  },
);

test('the second reader reads the logs of lab machines', { skip: withoutSecondReader }, () => {
  const at = (minute: number) => new Date(Date.UTC(2024, 6, 19, 4, minute));
  const crash = { code: 0x50, parameters: [1n, 2n, 0xfffff80212345678n, 0n] } as const;
  const bytes = buildEventLog({
    computer: 'LAB-1',
    firstRecordId: 900,
    eventsPerChunk: 3,
    events: [
      startEvent(at(0), 22631, 3880),
      updateEvent(at(1), 'failed', 'Cumulative Update (KB5040442)', 0x800f0922),
      unexpectedStopEvent(at(3), at(2)),
      dirtyStartEvent(at(3), crash),
      crashEvent(at(4), crash),
      { at: at(5), provider: 'EventLog', eventId: 6005 },
    ],
  });
  const folder = mkdtempSync(path.join(tmpdir(), 'bootmend-evtx-'));
  const file = path.join(folder, 'System.evtx');
  writeFileSync(file, bytes);
  const theirs = exportEvents(file);
  rmSync(folder, { recursive: true });
  const log = readAll(bytes);
  assert.equal(theirs.length, 6);
  assertSame(log.events, theirs);
});

test(
  'the newest chunks of a log are a log of their own, also for a second reader',
  { skip: withoutSecondReader },
  () => {
    const at = (minute: number) => new Date(Date.UTC(2024, 6, 19, 4, minute));
    const events = Array.from({ length: 21 }, (_, minute) => startEvent(at(minute), 22631, minute));
    const whole = buildEventLog({ computer: 'LAB-1', events, eventsPerChunk: 4, hasWrapped: true });
    const made = makeEventLogExtract(memorySource(whole), 2);
    assert.ok(made.ok && !made.isWhole);
    const log = readAll(made.bytes);
    assert.deepEqual(log.problems, []);
    assert.deepEqual(
      log.events.map(event => event.recordId),
      [21, 20, 19, 18, 17],
      'the newest chunk holds one event, the one before four',
    );
    const folder = mkdtempSync(path.join(tmpdir(), 'bootmend-evtx-'));
    const file = path.join(folder, 'part.evtx');
    writeFileSync(file, made.bytes);
    const exported = exportEvents(file);
    rmSync(folder, { recursive: true });
    assert.deepEqual(
      exported.map(event => event.recordId),
      [17, 18, 19, 20, 21],
    );
    const all = makeEventLogExtract(memorySource(whole), 100);
    assert.ok(all.ok && all.isWhole && all.bytes.length === whole.length);
  },
);

test('the newest part of a real log holds its newest events', { skip: skipWithout(systemLog) }, () => {
  const bytes = readFileSync(samplePath(systemLog));
  const made = makeEventLogExtract(memorySource(bytes), 3);
  assert.ok(made.ok);
  const [part, whole] = [readAll(made.bytes), readAll(bytes)];
  assert.deepEqual(part.problems, []);
  assert.ok(part.events.length > 100);
  const withoutPlace = ({ offset: _offset, ...event }: LoggedEvent) => event;
  assert.deepEqual(
    part.events.map(withoutPlace),
    whole.events.slice(0, part.events.length).map(withoutPlace),
  );
});
