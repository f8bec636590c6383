import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { buildEventLog } from '../../../agent/lab/logs/event-log.ts';
import { crashEvent, startEvent, updateEvent } from '../../../agent/lab/logs/system-events.ts';
import { memorySource } from '../../../shared/bytes/byte-source.ts';
import { type EventLogOptions, readEventLog } from '../../../shared/eventlog/read-event-log.ts';

const at = (minute: number) => new Date(Date.UTC(2024, 6, 19, 4, minute));
const crash = { code: 0x50, parameters: [1n, 2n, 3n, 4n] } as const;
const events = Array.from({ length: 12 }, (_, minute) =>
  [crashEvent(at(minute), crash), startEvent(at(minute), 22631, minute)].at(minute % 2)!,
);
const whole = buildEventLog({ computer: 'LAB-1', events, eventsPerChunk: 6 });
const firstChunk = 4096;
const secondChunk = firstChunk + 65536;
const records = 512;
const view = new DataView(whole.buffer);
const firstRecordBytes = view.getUint32(firstChunk + records + 4, true);

function changed(edit: (bytes: DataView) => void): Uint8Array {
  const copy = whole.slice();
  edit(new DataView(copy.buffer));
  return copy;
}

/** Whatever the bytes are: an answer of the promised shape, or a problem with a code and a place. */
function readSafely(bytes: Uint8Array, options?: EventLogOptions) {
  const result = readEventLog(memorySource(bytes), options);
  const problems = result.ok ? result.log.problems : [result.problem];
  for (const problem of problems) {
    assert.match(problem.code, /^[a-z]+(-[a-z]+)*$/);
    assert.ok(problem.message.length > 10 && problem.offset >= 0 && problem.offset <= bytes.length);
  }
  if (result.ok) {
    assert.ok(problems.length <= 64);
    for (const event of result.log.events) {
      assert.ok(Number.isSafeInteger(event.recordId) && event.data.length <= 128);
    }
  }
  return result;
}

/** Codes of what is wrong, and the numbers of the records that were found all the same. */
function damageOf(bytes: Uint8Array, options?: EventLogOptions) {
  const result = readSafely(bytes, options);
  if (!result.ok) return { codes: [result.problem.code], found: [] };
  const codes = [...new Set(result.log.problems.map(problem => problem.code))];
  return { codes, found: result.log.events.map(event => event.recordId) };
}

const all = [12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1];

test('a whole log has no problems', () => {
  assert.deepEqual(damageOf(whole), { codes: [], found: all });
});

test('what is no event log is told and nothing is given', () => {
  assert.deepEqual(damageOf(new Uint8Array()).codes, ['not-an-event-log']);
  assert.deepEqual(damageOf(new TextEncoder().encode('regf, a hive')).codes, ['not-an-event-log']);
  assert.deepEqual(damageOf(whole.subarray(0, 100)).codes, ['too-short']);
  assert.deepEqual(damageOf(changed(bytes => bytes.setUint16(38, 9, true))).codes, ['version-not-covered']);
});

test('changed headers are told and the events are given', () => {
  assert.deepEqual(damageOf(changed(bytes => bytes.setUint8(24, 99))), {
    codes: ['header-checksum-wrong'],
    found: all,
  });
  assert.deepEqual(damageOf(changed(bytes => bytes.setUint8(firstChunk + 200, 99))), {
    codes: ['chunk-checksum-wrong'],
    found: all,
  });
});

test('a chunk without its signature is searched for records', () => {
  const broken = changed(bytes => bytes.setUint8(firstChunk, 0x58));
  const result = readSafely(broken);
  assert.ok(result.ok);
  assert.deepEqual(damageOf(broken), { codes: ['chunk-broken'], found: all });
  assert.ok(result.log.events.filter(event => event.recordId <= 6).every(event => event.isRecovered));
});

test('a record that was overwritten costs itself only', () => {
  const second = firstChunk + records + firstRecordBytes;
  const { codes, found } = damageOf(changed(bytes => bytes.setUint32(second, 0, true)));
  assert.deepEqual(codes, ['records-checksum-wrong', 'record-broken']);
  assert.deepEqual(
    found,
    all.filter(id => id !== 2),
  );
});

test('XML that cannot be read costs the records that need it', () => {
  // The token that opens the element of the first template, which others in the chunk point to.
  const token = firstChunk + records + 24 + 4 + 10 + 24 + 4;
  const { codes, found } = damageOf(changed(bytes => bytes.setUint8(token, 0x77)));
  assert.deepEqual(codes, ['records-checksum-wrong', 'xml-broken']);
  assert.ok(found.includes(12) && !found.includes(1));
});

test('records that the header of their chunk does not admit are given, older ones behind them are not', () => {
  const lagging = changed(bytes => bytes.setUint32(secondChunk + 48, records + firstRecordBytes, true));
  const { codes, found } = damageOf(lagging);
  assert.ok(codes.includes('records-past-the-end'));
  assert.deepEqual(found, all);
  const stale = changed(bytes => {
    bytes.setUint32(secondChunk + 48, records + firstRecordBytes, true);
    bytes.setBigUint64(secondChunk + records + firstRecordBytes + 8, 3n, true);
  });
  assert.deepEqual(damageOf(stale).found, [7, 6, 5, 4, 3, 2, 1]);
});

test('a long log is read from its newest end', () => {
  const short = damageOf(whole, { maxChunks: 1 });
  assert.deepEqual(short, { codes: ['log-too-long'], found: [12, 11, 10, 9, 8, 7] });
  const few = damageOf(whole, { maxEvents: 2 });
  assert.deepEqual(few, { codes: ['too-many-events'], found: [12, 11] });
});

test('a log that names one long text from everywhere is given up in time', () => {
  const values = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`v${index}`, 'x']));
  const long = { ...values, v0: 'long '.repeat(360) };
  const log = buildEventLog({
    computer: 'LAB-1',
    events: Array.from({ length: 12 }, (_, minute) => ({
      at: at(minute),
      provider: 'Lab',
      eventId: 1,
      values: long,
    })),
  });
  for (let place = firstChunk; place + 4 < log.length; place++) {
    // A substitution of a text, whichever value it names: all are made to name the long one.
    if (log[place] === 0x0d && log[place + 2] === 0 && log[place + 3] === 0x01) log[place + 1] = 0;
  }
  const { codes } = damageOf(log);
  assert.ok(codes.includes('too-much-work'), codes.join());
});

test('a log that was cut off anywhere gives its whole records', () => {
  const cuts = new Set<number>();
  for (let cut = 0; cut <= whole.length; cut += 4096) for (const near of [-1, 0, 1]) cuts.add(cut + near);
  for (const chunk of [firstChunk, secondChunk]) {
    for (let cut = chunk; cut < chunk + 6000; cut += 97) cuts.add(cut);
  }
  for (const cut of cuts) {
    if (cut < 0 || cut > whole.length) continue;
    const { codes, found } = damageOf(whole.subarray(0, cut));
    if (cut < firstChunk) continue;
    const wholeChunks = Math.floor((cut - firstChunk) / 65536);
    assert.ok(found.length >= wholeChunks * 6, `cut at ${cut}`);
    if ((cut - firstChunk) % 65536 > 8)
      assert.ok(codes.includes('cut-off'), `cut at ${cut}: ${codes.join()}`);
  }
});

test('changed bytes never break the reader', () => {
  const used = [
    [0, 128],
    [firstChunk, firstChunk + 6000],
    [secondChunk, secondChunk + 6000],
  ] as const;
  const place = fc.oneof(...used.map(([from, to]) => fc.integer({ min: from, max: to - 1 })));
  const edit = fc.record({ place, value: fc.integer({ min: 0, max: 255 }) });
  fc.assert(
    fc.property(fc.array(edit, { minLength: 1, maxLength: 24 }), edits => {
      const copy = whole.slice();
      for (const { place: offset, value } of edits) copy[offset] = value;
      readSafely(copy);
    }),
    { numRuns: 400, seed: 20240719 },
  );
});

test('an update log survives wide changes of sizes and offsets', () => {
  const log = buildEventLog({
    computer: 'LAB-1',
    events: [updateEvent(at(0), 'failed', 'Update (KB5040442)', 0x800f0922), ...events],
  });
  const words = fc.record({
    place: fc.integer({ min: firstChunk / 4, max: (firstChunk + 8000) / 4 }),
    value: fc.constantFrom(0, 1, 0x7fffffff, 0x80000000, 0xffffffff, 0x0c0c0c0c, 0x200, 0xfff0),
  });
  fc.assert(
    fc.property(fc.array(words, { minLength: 1, maxLength: 6 }), edits => {
      const copy = log.slice();
      const target = new DataView(copy.buffer);
      for (const { place, value } of edits) target.setUint32(place * 4, value, true);
      readSafely(copy);
    }),
    { numRuns: 400, seed: 5040442 },
  );
});
