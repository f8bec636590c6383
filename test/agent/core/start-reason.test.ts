import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readStartReason } from '../../../agent/core/start-reason.ts';
import { clearTurnMarker, setTurnMarker } from '../../../agent/core/turn-marker.ts';
import { fileError } from '../../../agent/host/file-failure.ts';
import { createMemoryHost, type MemoryHostOptions } from '../../../agent/host/memory-host.ts';
import { buildBootStatus } from '../../../agent/lab/logs/boot-status.ts';
import { imagePlaces } from '../../../shared/winre/agent-settings.ts';
import { diskOf } from '../support/windows-disk.ts';

const lastAliveAt = new Date('2024-07-19T04:20:00Z');
const bootStatus = (wasLastStartGood: boolean) =>
  buildBootStatus({
    wasLastStartGood,
    wasLastStopClean: false,
    lastAliveAt,
    startNumber: 198,
    lastCleanStopNumber: 195,
  });
const reAgent = (operation: number) =>
  Buffer.from(
    `<?xml version="1.0"?><WindowsRE version="2.0"><ScheduledOperation state="${operation}"/><InstallState state="1"/></WindowsRE>`,
  );
const windows = {
  'Windows\\System32\\config\\SYSTEM': Uint8Array.of(1),
  'Windows\\System32\\winload.efi': Uint8Array.of(1),
};
const image = (purpose: string) =>
  diskOf({
    [imagePlaces.settings]: Buffer.from(
      JSON.stringify({
        version: 1,
        purpose,
        organization: 'contoso',
        servers: ['https://10.0.0.5:8443'],
        pins: ['c0'.repeat(32)],
        trust: { payloadType: 'x', payload: '', signatures: [] },
        settings: { waitIntervalMinutes: 30, totalWaitMinutes: 180 },
      }),
    ),
  });

function hostWith(files: Readonly<Record<string, Uint8Array>>, over: Partial<MemoryHostOptions> = {}) {
  return createMemoryHost({ disks: { C: diskOf({ ...windows, ...files }) }, ...over });
}

const failedBoot = { kind: 'failed-boot', failedStarts: 3, lastFailedAtMs: lastAliveAt.getTime() };

test('a start that Windows itself counts as failed is ours, with what changes at the next try', () => {
  const host = hostWith({
    'Windows\\bootstat.dat': bootStatus(false),
    'Recovery\\WindowsRE\\ReAgent.xml': reAgent(4),
  });
  assert.deepEqual(readStartReason(host), failedBoot);
  assert.ok(
    !host.calls.some(({ name }) => /^(network|files\.(create|append|rename|remove|flush))/.test(name)),
  );
});

test('whatever else brought us here is not ours', () => {
  const status = bootStatus(false);
  const cases: readonly (readonly [string, Readonly<Record<string, Uint8Array>>])[] = [
    ['Windows had started', { 'Windows\\bootstat.dat': bootStatus(true) }],
    ['no boot status', {}],
    ['a damaged boot status', { 'Windows\\bootstat.dat': status.subarray(0, 20) }],
    [
      'Reset or a wipe is scheduled',
      { 'Windows\\bootstat.dat': status, 'Recovery\\WindowsRE\\ReAgent.xml': reAgent(2) },
    ],
    [
      'a configuration that cannot be read',
      {
        'Windows\\bootstat.dat': status,
        'Windows\\System32\\Recovery\\ReAgent.xml': reAgent(4).subarray(0, 60),
      },
    ],
  ];
  for (const [name, files] of cases) assert.equal(readStartReason(hostWith(files)).kind, 'other', name);
});

test('what is looked at is little on any number of volumes, and nothing of it is large', () => {
  const large = new Uint8Array(200_000);
  const disks = Object.fromEntries(
    Array.from('CDEFGHIJKLMNOPQRSTUVW').map(letter => [
      letter,
      diskOf({
        ...windows,
        'Windows\\bootstat.dat': large,
        'Recovery\\WindowsRE\\ReAgent.xml': large,
        'ProgramData\\Bootmend\\turn.json': large,
      }),
    ]),
  );
  const host = createMemoryHost({ disks });
  assert.equal(readStartReason(host).kind, 'other');
  const read = host.calls.filter(({ name }) => name === 'files.read');
  assert.deepEqual(
    read.map(({ subject }) => subject),
    [],
  );
  assert.ok(host.calls.length < 400, `${host.calls.length} calls`);
  assert.ok(!host.calls.some(({ name }) => /^(tools|network|clock\.wait)/.test(name)));
});

test('a locked volume tells nothing, so the menu is not held up', () => {
  const host = hostWith({ 'Windows\\bootstat.dat': bootStatus(false) }, { bitLocker: { C: 'locked' } });
  assert.equal(readStartReason(host).kind, 'other');
});

test('a disk that does not give the files tells nothing', () => {
  const host = hostWith(
    { 'Windows\\bootstat.dat': bootStatus(false) },
    {
      beforeCall: ({ name }) => {
        if (name === 'files.read') throw fileError('input-output', 'bad sector');
      },
    },
  );
  assert.equal(readStartReason(host).kind, 'other');
});

test('our marker is ours also when something is scheduled, for one start', () => {
  const host = hostWith({
    'Windows\\bootstat.dat': bootStatus(true),
    'Recovery\\WindowsRE\\ReAgent.xml': reAgent(1),
  });
  host.files.makeDirectory('C:\\ProgramData\\Bootmend');
  for (const kind of ['marker', 'test-mode'] as const) {
    setTurnMarker(host, 'C:\\', { kind, reason: 'crash-loop-after-logon' });
    assert.equal(readStartReason(host).kind, kind);
    clearTurnMarker(host, 'C:\\');
    assert.equal(readStartReason(host).kind, 'other');
  }
  host.files.create('C:\\ProgramData\\Bootmend\\turn.json', Buffer.from('{"version":1,"kind":"mar'));
  assert.equal(readStartReason(host).kind, 'other', 'half a marker is none');
});

test('a rescue image was chosen by a person; the image of a machine decides nothing', () => {
  const files = { 'Windows\\bootstat.dat': bootStatus(true) };
  const disk = diskOf({ ...windows, ...files });
  const rescue = createMemoryHost({ disks: { C: disk, X: image('rescue') } });
  assert.equal(readStartReason(rescue).kind, 'marker');
  const recovery = createMemoryHost({ disks: { C: disk, X: image('recovery') } });
  assert.equal(readStartReason(recovery).kind, 'other');
});
