import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  buildBootManagerLog,
  buildBootStatus,
  type LabBootEntry,
} from '../../../agent/lab/logs/boot-status.ts';
import { bootStatusConfidence } from '../../../shared/bootlog/boot-status.ts';
import { readBootStatus } from '../../../shared/bootlog/read-boot-status.ts';

const base = {
  wasLastStartGood: false,
  wasLastStopClean: false,
  lastAliveAt: new Date('2024-07-19T04:09:00Z'),
  startNumber: 198,
  lastCleanStopNumber: 197,
};
const start = (minute: number): LabBootEntry => ({
  kind: 'start',
  at: new Date(Date.UTC(2024, 6, 19, 4, minute)),
});
const notLoaded: LabBootEntry = {
  kind: 'failure',
  eventId: 0x13,
  status: 0xc0000225,
  path: String.raw`\Windows\system32\winload.efi`,
};

function readGood(bytes: Uint8Array) {
  const result = readBootStatus(bytes);
  assert.ok(result.ok);
  return result.log;
}

const codesOf = (bytes: Uint8Array) => {
  const result = readBootStatus(bytes);
  return result.ok ? result.log.problems.map(problem => problem.code) : [result.problem.code];
};

function changed(bytes: Uint8Array, offset: number, value: number): Uint8Array {
  const copy = bytes.slice();
  new DataView(copy.buffer).setUint32(offset, value, true);
  return copy;
}

test('the status of a start that failed', () => {
  const { status, problems } = readGood(buildBootStatus(base));
  assert.deepEqual(problems, []);
  assert.deepEqual(status, {
    sizeBytes: 176,
    productType: 'workstation',
    wasLastStartGood: false,
    wasLastStopClean: false,
    wasAsleep: false,
    powerButtonPressedAt: null,
    lastAliveAt: '2024-07-19T04:09:00.000Z',
    startAttempts: 1,
    startNumber: 198,
    lastCleanStopNumber: 197,
    reportedAbnormalStopNumber: null,
  });
  assert.deepEqual(Object.keys(bootStatusConfidence).sort(), Object.keys(status ?? {}).sort());
});

test('a smaller structure of an older Windows has what it can hold', () => {
  const { status } = readGood(changed(buildBootStatus({ ...base, wasLastStartGood: true }), 0, 12));
  assert.partialDeepStrictEqual(status, {
    wasLastStartGood: true,
    wasAsleep: null,
    lastAliveAt: null,
    startAttempts: null,
    startNumber: null,
  });
});

test('the log newest first: starts, launches and what could not be loaded', () => {
  const launch: LabBootEntry = { kind: 'launch', path: String.raw`\Windows\system32\winload.efi` };
  const { entries } = readGood(buildBootStatus({ ...base, entries: [start(0), launch, notLoaded] }));
  assert.deepEqual(
    entries.map(entry => [entry.event, entry.isError, entry.atLocal, entry.status, entry.path]),
    [
      ['application-not-loaded', true, null, '0xc0000225', String.raw`\Windows\system32\winload.efi`],
      ['application-launched', false, null, null, String.raw`\Windows\system32\winload.efi`],
      ['log-started', false, '2024-07-19T04:00:00', null, null],
    ],
  );
});

test('every kind of entry has its word, and unknown ones their number', () => {
  const failures = [0x12, 0x14, 0x15, 0x16, 0x50].map((eventId): LabBootEntry => ({
    kind: 'failure',
    eventId,
    status: 0xc0000001,
  }));
  const { entries } = readGood(buildBootManagerLog(failures));
  assert.deepEqual(
    entries.map(entry => [entry.eventId, entry.event]),
    [
      [0x50, 'other'],
      [0x16, 'general-failure'],
      [0x15, 'nothing-to-start'],
      [0x14, 'boot-configuration-failed'],
      [0x12, 'application-returned'],
    ],
  );
});

test('the log of the boot manager alone has no status', () => {
  const log = readGood(buildBootManagerLog([start(3)]));
  assert.equal(log.status, null);
  assert.equal(log.entries[0]?.atLocal, '2024-07-19T04:03:00');
});

test('a log that has begun again at its start stays in the order of time', () => {
  const entries = Array.from({ length: 1500 }, (_, minute) => start(minute));
  const log = readGood(buildBootStatus({ ...base, entries }));
  assert.deepEqual(log.problems, []);
  const times = log.entries.map(entry => entry.atLocal ?? '');
  assert.deepEqual(
    times,
    times.toSorted((a, b) => b.localeCompare(a)),
  );
  assert.ok(times.length > 900 && times[0] === '2024-07-20T04:59:00');
});

test('what is wrong is told and the rest is given', () => {
  const whole = buildBootStatus({ ...base, entries: [start(0), notLoaded] });
  assert.deepEqual(codesOf(new Uint8Array(64)), ['not-a-boot-status']);
  assert.deepEqual(codesOf(Uint8Array.from(Buffer.from('hello'))), ['not-a-boot-status']);
  assert.deepEqual(codesOf(whole.subarray(0, 200)), ['cut-off']);
  assert.deepEqual(codesOf(whole.subarray(0, 2048 + 400)), ['cut-off']);
  assert.deepEqual(codesOf(changed(whole, 2048, 9)), ['version-not-covered']);
  assert.deepEqual(codesOf(changed(whole, 2048 + 4, 4000)), ['entry-broken']);
  assert.deepEqual(codesOf(changed(whole, 2048 + 20 + 0x18, 0x7fffffff)), ['entry-broken']);
});
