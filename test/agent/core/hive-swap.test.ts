import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findWindows } from '../../../agent/core/found-windows.ts';
import { appendRecord, beginJournal, findJournal, recordedEdits } from '../../../agent/core/journal.ts';
import { runRecovery } from '../../../agent/core/run-recovery.ts';
import { undoAndClose } from '../../../agent/core/undo-attempt.ts';
import { fileError } from '../../../agent/host/file-failure.ts';
import type { Host } from '../../../agent/host/host.ts';
import { type DiskSnapshot, listPowerCutStates, type MemoryDisk } from '../../../agent/host/memory-disk.ts';
import { createMemoryHost, type HostCall } from '../../../agent/host/memory-host.ts';
import { parsePath } from '../../../agent/host/windows-path.ts';
import { machine } from '../../../server/catalog/crowdstrike-2024-07-19/machine.ts';
import { getWithHivex, keysWithHivex, listWithHivex, withoutHivex } from '../../shared/registry/hivex.ts';
import { type FakeServer, type FakeServerOptions, serverAddress } from '../support/fake-server.ts';
import { installFilter, judgeStart, softwareHive, systemHive } from '../support/filter-machine.ts';
import { memoryVolume } from '../support/memory-volume.ts';
import { createWorld, listFiles, listQuarantine } from '../support/world.ts';

const script = `require driver cntflt version from 4.2.0 until 4.2.7
require driver cntflt is boot-start

disable driver cntflt, removing filter entries

verify driver cntflt is disabled
verify no filter names cntflt
reboot
`;
const diskClass = 'ControlSet001\\Control\\Class\\{4d36e967-e325-11ce-bfc1-08002be10318}';

const order =
  (text: string): NonNullable<FakeServerOptions['decide']> =>
  (told, server) =>
    told.kind === 'check-in' ? server.remediate(told.message, { script: text }) : { kind: 'carry-on' };

async function createFilterWorld(text = script) {
  const world = await createWorld(machine, { decide: order(text) });
  installFilter(memoryVolume(world.disk));
  assert.equal(judgeStart(memoryVolume(world.disk)), 'crashes');
  return world;
}

function undo(host: Host, attemptId: string) {
  const [found, journal] = [findWindows(host), findJournal(host, 'C:\\', attemptId)];
  assert.ok(found.ok && journal);
  return undoAndClose(host, found.windows, journal);
}

const readHive = (disk: MemoryDisk, path: string) => disk.read(parsePath(path), 0, Number.MAX_SAFE_INTEGER);
const readSystem = (disk: MemoryDisk) => readHive(disk, systemHive);

test('a filter driver is taken out of start-up, and undone to the byte', async () => {
  const world = await createFilterWorld();
  const before = listFiles(world.disk);
  assert.deepEqual(await runRecovery(world.start()), { kind: 'reboot' });
  assert.equal(judgeStart(memoryVolume(world.disk)), 'starts');
  const after = listFiles(world.disk);
  const changed = [...after.keys()].filter(name => after.get(name) !== before.get(name));
  assert.deepEqual([changed, after.size], [[systemHive], before.size]);

  const [outcome] = world.server.outcomes;
  assert.equal(outcome?.state, 'applied');
  assert.deepEqual(
    outcome.steps[0]?.changes.map(change => [change.kind, change.path, change.what]),
    [
      ['edit-registry', systemHive, `${diskClass} UpperFilters: without cntflt`],
      ['edit-registry', systemHive, 'ControlSet001\\Services\\cntflt Start: boot-start → disabled'],
    ],
  );
  const host = world.start();
  assert.ok(undo(host, outcome.attemptId).ok);
  assert.deepEqual(listFiles(world.disk), before);
  assert.deepEqual(listQuarantine(world.disk), []);
});

test('values of both hives are set and removed, and undone to the byte', async () => {
  const world = await createFilterWorld(
    [
      'set registry HKLM\\SYSTEM\\CurrentControlSet\\Control\\CrashControl value AutoReboot to number 0',
      'remove registry HKLM\\SYSTEM\\CurrentControlSet\\Control\\CrashControl value Overwrite',
      'set registry "HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion" value CurrentBuild to text "22632"',
      'reboot\n',
    ].join('\n'),
  );
  const before = listFiles(world.disk);
  assert.deepEqual(await runRecovery(world.start()), { kind: 'reboot' });
  const after = listFiles(world.disk);
  const changed = [...after.keys()].filter(name => after.get(name) !== before.get(name));
  assert.deepEqual(changed.toSorted(), [softwareHive, systemHive]);
  if (!withoutHivex) {
    const control = 'ControlSet001\\Control\\CrashControl';
    assert.equal(getWithHivex(readSystem(world.disk), control, 'AutoReboot').trim(), '0');
    assert.doesNotMatch(listWithHivex(readSystem(world.disk), [control]), /Overwrite/);
    const version = 'Microsoft\\Windows NT\\CurrentVersion';
    assert.equal(getWithHivex(readHive(world.disk, softwareHive), version, 'CurrentBuild').trim(), '22632');
  }
  assert.ok(undo(world.start(), world.server.outcomes[0]?.attemptId ?? '').ok);
  assert.deepEqual(listFiles(world.disk), before);
});

test('every kind of content, as hivex reads it, undone to the byte', { skip: withoutHivex }, async () => {
  const place = 'HKLM\\SYSTEM\\CurrentControlSet\\Control\\CrashControl value';
  const world = await createFilterWorld(
    [
      `set registry ${place} Wide to 64-bit number 18446744073709551615`,
      `set registry ${place} MinidumpDir to expandable text "%SystemRoot%\\M"`,
      `set registry ${place} Listed to texts "a", "bc"`,
      `set registry ${place} Raw to binary 00ff10`,
      `add registry entry "x" to ${place} DumpFilters`,
      `remove registry entry "dumpfve.sys" from ${place} DumpFilters`,
      `set registry HKLM\\SYSTEM\\CurrentControlSet\\Control\\Contoso\\New value X to number 7, creating the key`,
      'remove registry key "HKLM\\SOFTWARE\\Microsoft\\Security Center"',
      'reboot\n',
    ].join('\n'),
  );
  const before = listFiles(world.disk);
  assert.deepEqual(await runRecovery(world.start()), { kind: 'reboot' });
  assert.equal(getWithHivex(readSystem(world.disk), 'ControlSet001\\Control\\Contoso\\New', 'X').trim(), '7');
  const left = keysWithHivex(readHive(world.disk, softwareHive)).join('\n');
  assert.ok(left.includes('Windows NT ') && !/Security Center|Provider/.test(left));
  const listed = listWithHivex(readSystem(world.disk), ['ControlSet001\\Control\\CrashControl']).split('\n');
  for (const line of [
    '"Wide"=hex(11):ff,ff,ff,ff,ff,ff,ff,ff',
    '"MinidumpDir"=str(2):"%SystemRoot%\\\\M"',
    '"Listed"=hex(7):61,00,00,00,62,00,63,00,00,00,00,00',
    '"Raw"=hex(3):00,ff,10',
    '"DumpFilters"=hex(7):78,00,00,00,00,00',
  ])
    assert.ok(listed.includes(line), `${line} in ${listed.join(' ')}`);
  assert.ok(undo(world.start(), world.server.outcomes[0]?.attemptId ?? '').ok);
  assert.deepEqual(listFiles(world.disk), before);
});

test('hivex reads the edited hive as it was meant', { skip: withoutHivex }, async () => {
  const world = await createFilterWorld();
  await runRecovery(world.start());
  const hive = readSystem(world.disk);
  assert.equal(getWithHivex(hive, 'ControlSet001\\Services\\cntflt', 'Start').trim(), '4');
  const listed = listWithHivex(hive, [diskClass]);
  assert.match(listed, /UpperFilters/);
  assert.doesNotMatch(listed, /c\\x00n\\x00t|63,00,6e,00,74/);
});

test('several lines on one hive are one swap', async () => {
  const world = await createFilterWorld(
    'disable driver cntflt, removing filter entries\nenable service EventLog as demand-start\nreboot\n',
  );
  const host = world.start();
  assert.deepEqual(await runRecovery(host), { kind: 'reboot' });
  assert.equal(host.calls.filter(call => call.name === 'files.link').length, 1);
  const [outcome] = world.server.outcomes;
  assert.deepEqual(
    outcome?.steps.map(step => [step.line, step.state, step.changes.length]),
    [
      [1, 'done', 2],
      [2, 'done', 1],
    ],
  );
});

test('lines that take different names out of one list leave the rest of it', async () => {
  const world = await createFilterWorld(
    'remove filter entry cntflt\nadd filter entry volmgr to upper filters of DiskDrive, before partmgr\nreboot\n',
  );
  const before = listFiles(world.disk);
  memoryVolume(world.disk).write('Windows\\System32\\drivers\\volmgr.sys', new Uint8Array(9), new Date(0));
  assert.deepEqual(await runRecovery(world.start()), { kind: 'reboot' });
  if (!withoutHivex)
    assert.match(
      listWithHivex(readSystem(world.disk), [diskClass]),
      /volmgr.{0,12}partmgr|76,00,6f,00,6c,00/s,
    );
  assert.ok(undo(world.start(), world.server.outcomes[0]?.attemptId ?? '').ok);
  assert.equal(listFiles(world.disk).get(systemHive), before.get(systemHive));
});

test('a hive that Windows used since is not swapped back', async () => {
  const world = await createFilterWorld();
  await runRecovery(world.start());
  const used = readSystem(world.disk).slice();
  used[5000] = (used[5000] ?? 0) ^ 1;
  world.disk.place(parsePath(systemHive).components, { bytes: used, writtenAtMs: 5 });
  const undone = undo(world.start(), world.server.outcomes[0]?.attemptId ?? '');
  assert.equal(!undone.ok && undone.code, 'hive-used-since');
  assert.deepEqual(readSystem(world.disk), used);
});

const attemptId = '01900000-0000-7000-8000-00000000beef';
const allowed = { kind: 'remove-list-entry', key: diskClass, name: 'UpperFilters', entry: 'cntflt' } as const;
for (const [what, edit, code] of [
  ['an edit that no script leads to', { ...allowed, key: 'Setup', name: 'CmdLine' }, 'place-not-allowed'],
  ['a planted hive', allowed, 'hive-used-since'],
] as const)
  test(`a forged journal swaps no hive: ${what}`, async () => {
    const world = await createFilterWorld();
    const host = world.start();
    const quarantine = `\\ProgramData\\Bootmend\\quarantine\\${attemptId}`;
    const planted = readSystem(world.disk).slice();
    planted[5000] = (planted[5000] ?? 0) ^ 1;
    const { components } = parsePath(`C:${quarantine}\\1`);
    world.disk.place(components, { bytes: planted, writtenAtMs: 7 });
    const journal = beginJournal(
      host,
      'C:\\',
      {
        attemptId,
        episode: '0'.repeat(32),
        scriptSha256: '0'.repeat(64),
      },
      '',
    );
    appendRecord(host, journal, {
      kind: 'intent',
      number: 1,
      line: 1,
      action: 'edit-hive',
      from: systemHive.slice(2),
      to: `${quarantine}\\1`,
      sizeBytes: planted.length,
      writtenAtMs: 7,
      edits: recordedEdits([{ line: 1, what: 'x', edit }]),
    });
    const before = listFiles(world.disk);
    const undone = undo(world.start(), attemptId);
    assert.equal(!undone.ok && undone.code, code);
    assert.deepEqual(listFiles(world.disk), before);
  });

/** The machine and the server at the moment of a power cut. */
interface CutPoint {
  readonly call: string;
  readonly disk: DiskSnapshot;
  readonly server: FakeServer;
}

const bothHives = script.replace('reboot\n', '').replace(
  '\nverify',
  `set registry HKLM\\SYSTEM\\CurrentControlSet\\Control\\CrashControl value AutoReboot to number 0
set registry "HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion" value CurrentBuild to text "22632"

verify`,
);
for (const [what, text, hives] of [
  ['one hive', script, [systemHive]],
  ['both hives', `${bothHives}reboot\n`, [systemHive, softwareHive]],
] as const)
  test(`a power cut at any host call, ${what}: before or after, a whole registry at every moment`, async t => {
    const world = await createFilterWorld(text);
    const before = listFiles(world.disk);
    const points: CutPoint[] = [];
    let last: DiskSnapshot | undefined;
    const host = world.start({
      beforeCall: (call: HostCall) => {
        const disk = world.disk.snapshot();
        const isSame = disk.durable === last?.durable && disk.pending.length === last.pending.length;
        if (!isSame || call.name === 'network.answered')
          points.push({
            call: `${call.number} ${call.name} ${call.subject}`,
            disk,
            server: world.server.fork(),
          });
        last = disk;
      },
    });
    assert.deepEqual(await runRecovery(host), { kind: 'reboot' });
    const healed = hives.map(path => readHive(world.disk, path));
    const old = before.get(systemHive);
    let restarts = 0;
    for (const { call, disk: snapshot, server } of points)
      for (const disk of listPowerCutStates(snapshot)) {
        // Were Windows started now, it would find the registry as it was or as it shall be, with logs that fit.
        const expected = listFiles(disk).get(systemHive) === old ? 'crashes' : 'starts';
        assert.equal(judgeStart(memoryVolume(disk)), expected, call);
        const again = createMemoryHost({
          disks: { C: disk },
          startReason: world.startReason,
          bootEntryVolume: 'C:\\',
          servers: { [serverAddress]: server.fork().memoryServer },
          seed: 1000 + restarts++,
        });
        const end = await runRecovery(again);
        assert.equal(end.kind, 'reboot', `${call}: ${JSON.stringify(end)}`);
        assert.deepEqual(
          hives.map(path => readHive(disk, path)),
          healed,
          call,
        );
        assert.deepEqual([...listFiles(disk).keys()], [...before.keys()], call);
        const quarantined = listQuarantine(disk);
        for (const path of hives) assert.ok(quarantined.includes(before.get(path) ?? ''), call);
      }
    t.diagnostic(`${host.calls.length} host calls, ${points.length} distinct moments, ${restarts} restarts`);
    assert.ok(restarts > points.length);
  });

test('a power cut while a swap is taken back', async t => {
  const world = await createFilterWorld();
  const before = listFiles(world.disk);
  await runRecovery(world.start());
  const attemptId = world.server.outcomes[0]?.attemptId ?? '';
  const moments: DiskSnapshot[] = [];
  assert.ok(undo(world.start({ beforeCall: () => moments.push(world.disk.snapshot()) }), attemptId).ok);
  let cuts = 0;
  for (const moment of moments)
    for (const disk of listPowerCutStates(moment)) {
      assert.notEqual(judgeStart(memoryVolume(disk)), 'no-registry');
      const host = createMemoryHost({
        disks: { C: disk },
        startReason: world.startReason,
        bootEntryVolume: 'C:\\',
      });
      assert.ok(undo(host, attemptId).ok);
      assert.deepEqual(listFiles(disk), before);
      cuts++;
    }
  t.diagnostic(`${cuts} cuts`);
});

for (const code of ['disk-full', 'access-denied'] as const)
  test(`${code} at any change of a swap: the registry is as it was`, async () => {
    for (let failing = 1; ; failing++) {
      const world = await createFilterWorld();
      const before = listFiles(world.disk);
      let changes = 0;
      const host = world.start({
        beforeCall: ({ name, subject }) => {
          if (!/^files\.(create|append|link|rename)$/.test(name) || !/config\\/i.test(subject)) return;
          if (++changes === failing) throw fileError(code, 'it does not work');
        },
      });
      await runRecovery(host);
      if (changes < failing) return;
      assert.deepEqual(listFiles(world.disk), before);
      assert.equal(world.server.outcomes[0]?.state, 'undone');
      assert.equal(world.server.outcomes[0]?.code, code);
    }
  });
