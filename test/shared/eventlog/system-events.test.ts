import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildEventLog, type LabEvent } from '../../../agent/lab/logs/event-log.ts';
import {
  crashEvent,
  dirtyStartEvent,
  startEvent,
  unexpectedStopEvent,
  updateEvent,
} from '../../../agent/lab/logs/system-events.ts';
import { memorySource } from '../../../shared/bytes/byte-source.ts';
import type { SystemEvent } from '../../../shared/eventlog/system-event.ts';
import { readSystemEvents } from '../../../shared/eventlog/read-system-events.ts';
import { fileTimeOfInstant } from '../../../shared/registry/file-time.ts';

const at = (minute: number) => new Date(Date.UTC(2024, 6, 19, 4, minute));
const crash = { code: 0x50, parameters: [1n, 2n, 0xfffff80212345678n, 0n] } as const;

function read(events: readonly LabEvent[], options: { eventsPerChunk?: number; hasWrapped?: boolean } = {}) {
  const bytes = buildEventLog({ computer: 'LAB-1', firstRecordId: 100, events, ...options });
  const result = readSystemEvents(memorySource(bytes));
  assert.ok(result.ok);
  assert.deepEqual(result.log.problems, []);
  return result.log;
}

/** What a single event says, without its place in the log. */
function reading(event: LabEvent): Partial<SystemEvent> | undefined {
  const [only] = read([event]).events;
  if (!only) return undefined;
  const { recordId, at: _, provider, eventId, ...rest } = only;
  assert.deepEqual([recordId, provider, eventId], [100, event.provider, event.eventId]);
  return rest;
}

test('a crash tells its code, parameters and dump', () => {
  assert.deepEqual(reading(crashEvent(at(0), crash)), {
    kind: 'crash',
    code: '0x50',
    parameters: ['0x1', '0x2', '0xfffff80212345678', '0x0'],
    dumpPath: String.raw`C:\Windows\MEMORY.DMP`,
    reportId: '00000000-0000-0000-0000-000000000001',
  });
});

test('a dirty start tells the crash before it, or that none is known', () => {
  const parameters = ['0x1', '0x2', '0xfffff80212345678', '0x0'];
  const rest = { kind: 'dirty-start', wasAsleep: false, powerButtonPressedAt: null };
  assert.deepEqual(reading(dirtyStartEvent(at(0), crash)), { ...rest, code: '0x50', parameters });
  assert.deepEqual(reading(dirtyStartEvent(at(0))), {
    ...rest,
    code: null,
    parameters: ['0x0', '0x0', '0x0', '0x0'],
  });
});

test('the power button and sleep stand in a dirty start as numbers or as truth values', () => {
  const event = dirtyStartEvent(at(0));
  const values = { ...(event.values as object), SleepInProgress: true };
  assert.equal(reading({ ...event, values })?.kind, 'dirty-start');
  assert.partialDeepStrictEqual(reading({ ...event, values }), { wasAsleep: true });
  const pressed = {
    ...values,
    SleepInProgress: 4,
    PowerButtonTimestamp: String(fileTimeOfInstant('2024-07-18T00:00:00Z')),
  };
  assert.partialDeepStrictEqual(reading({ ...event, values: pressed }), {
    wasAsleep: true,
    powerButtonPressedAt: '2024-07-18T00:00:00.000Z',
  });
});

test('updates tell their step, title, KB number and error', () => {
  const title = '2024-07 Cumulative Update for Windows 11 (KB5040442)';
  const base = { kind: 'update', title, knowledgeBase: 'KB5040442', errorCode: null };
  const updateId = '{A3576E2F-5FDC-4294-8501-E246E69F6FA9}';
  for (const step of ['installed', 'started', 'downloading'] as const) {
    assert.deepEqual(reading(updateEvent(at(0), step, title)), { ...base, step, updateId });
  }
  const failed = reading(updateEvent(at(0), 'failed', title, 0x800f0922));
  assert.deepEqual(failed, { ...base, step: 'failed', errorCode: '0x800f0922', updateId });
  const unnamed = reading(updateEvent(at(0), 'installed', 'Oracle Corporation - Display'));
  assert.partialDeepStrictEqual(unnamed, { knowledgeBase: null });
});

test('an unexpected stop tells the last sign of life from its binary part, not from localized texts', () => {
  assert.deepEqual(reading(unexpectedStopEvent(at(9), at(7))), {
    kind: 'unexpected-stop',
    lastAliveAt: '2024-07-19T04:07:00.000Z',
  });
  const { binary: _, ...bare } = unexpectedStopEvent(at(9), at(7));
  assert.deepEqual(reading(bare), { kind: 'unexpected-stop', lastAliveAt: null });
});

test('starts, stops and their kind', () => {
  const general = 'Microsoft-Windows-Kernel-General';
  const boot = 'Microsoft-Windows-Kernel-Boot';
  const event = (provider: string, eventId: number, values: LabEvent['values'] = {}): LabEvent => ({
    at: at(0),
    provider,
    eventId,
    values,
  });
  assert.deepEqual(reading(startEvent(at(0), 22631, 3880)), {
    kind: 'start',
    osBuild: 22631,
    osRevision: 3880,
    startedAt: '2024-07-19T04:00:00.000Z',
  });
  assert.deepEqual(reading(event(general, 13, { StopTime: at(3) })), {
    kind: 'stop',
    stoppedAt: '2024-07-19T04:03:00.000Z',
  });
  assert.deepEqual(reading(event(boot, 20, { LastShutdownGood: true, LastBootGood: false })), {
    kind: 'state-before-start',
    wasStopGood: true,
    wasStartGood: false,
  });
  const types = [0, 1, 2, 7].map(BootType => reading(event(boot, 27, { BootType })));
  assert.deepEqual(
    types.map(one => one?.kind === 'start-type' && one.type),
    ['cold', 'fast-startup', 'resume', null],
  );
  assert.deepEqual(reading(event('EventLog', 6005)), { kind: 'log-started' });
  assert.deepEqual(reading(event('EventLog', 6006)), { kind: 'log-stopped' });
});

test('who asked for a restart is told without the names of machine and person', () => {
  const values = [
    String.raw`C:\Windows\system32\svchost.exe (LAB-1)`,
    'LAB-1',
    'Operating System: Recovery (Planned)',
    '0x80020002',
    'restart',
    '',
    String.raw`LAB\alice`,
  ];
  assert.deepEqual(reading({ at: at(0), provider: 'User32', eventId: 1074, values }), {
    kind: 'asked-to-stop',
    process: String.raw`C:\Windows\system32\svchost.exe`,
    reason: 'Operating System: Recovery (Planned)',
    reasonCode: '0x80020002',
    action: 'restart',
  });
});

test('a machine that cannot write dumps and a recovery image that does not fit are told', () => {
  const noDump: LabEvent = {
    at: at(0),
    provider: 'volmgr',
    eventId: 46,
    values: [String.raw`\Device\Harddisk0`],
  };
  assert.deepEqual(reading(noDump), { kind: 'no-dump-possible', device: String.raw`\Device\Harddisk0` });
  const values = { ErrorPhase: 2, Errorcode: -2147024784 };
  const full = { at: at(0), provider: 'Microsoft-Windows-WinREAgent', eventId: 4502, values };
  assert.deepEqual(reading(full), { kind: 'recovery-image-not-updated', phase: 2, errorCode: '0x80070070' });
});

test('drivers that did not load are named', () => {
  const pnp = {
    DriverNameLength: 12,
    DriverName: String.raw`ROOT\WPD\0000`,
    Status: { hex32: 0xc0000365 },
    FailureNameLength: 14,
    FailureName: String.raw`\Driver\WudfRd`,
    Version: 0,
  };
  const one: LabEvent = { at: at(0), provider: 'Microsoft-Windows-Kernel-PnP', eventId: 219, values: pnp };
  assert.deepEqual(reading(one), {
    kind: 'drivers-not-loaded',
    drivers: ['WudfRd'],
    device: String.raw`ROOT\WPD\0000`,
    status: '0xc0000365',
  });
  const list: LabEvent = {
    at: at(0),
    provider: 'Service Control Manager',
    eventId: 7026,
    values: { param1: '\ndam\ncsagent' },
  };
  assert.deepEqual(reading(list), {
    kind: 'drivers-not-loaded',
    drivers: ['dam', 'csagent'],
    device: null,
    status: null,
  });
});

test('events without a reading are left out, and so are those that lack what it needs', () => {
  assert.equal(reading({ at: at(0), provider: 'Service Control Manager', eventId: 7036 }), undefined);
  assert.equal(reading({ at: at(0), provider: 'BugCheck', eventId: 1001, values: ['no code'] }), undefined);
  const update = 'Microsoft-Windows-WindowsUpdateClient';
  assert.equal(reading({ at: at(0), provider: update, eventId: 19 }), undefined);
});

test('newest first, also in a log that has begun again at its start', () => {
  const events = Array.from({ length: 40 }, (_, minute) => startEvent(at(minute), 22631, minute));
  for (const options of [{}, { eventsPerChunk: 7 }, { eventsPerChunk: 7, hasWrapped: true }]) {
    const log = read(events, options);
    assert.equal(log.recordCount, 40);
    assert.deepEqual(
      log.events.map(event => event.recordId),
      Array.from({ length: 40 }, (_, index) => 139 - index),
    );
  }
});
