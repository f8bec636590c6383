import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { buildCsagentCrash } from '../../../agent/lab/evidence/csagent-crash.ts';
import { buildSoftwareHive, buildSystemHive } from '../../../agent/lab/registry/windows-hives.ts';
import { memorySource } from '../../../shared/bytes/byte-source.ts';
import { readCrashDump } from '../../../shared/crashdump/read-crash-dump.ts';
import type { Facts } from '../../../shared/facts/facts.ts';
import { factsOfBootLog } from '../../../shared/facts/facts-of-boot-log.ts';
import { factsOfCrashDump } from '../../../shared/facts/facts-of-crash-dump.ts';
import { factsOfDriverImage, factsOfKernelImage } from '../../../shared/facts/facts-of-image.ts';
import type { PortableExecutable } from '../../../shared/portable-executable/portable-executable.ts';
import { factsOfServices } from '../../../shared/facts/facts-of-services.ts';
import { factsOfOsVersion, factsOfSoftwareHive } from '../../../shared/facts/facts-of-software-hive.ts';
import { factsOfStartupRepair } from '../../../shared/facts/facts-of-startup-repair.ts';
import { factsOfFilters, factsOfSystemHive } from '../../../shared/facts/facts-of-system-hive.ts';
import { fitFacts } from '../../../shared/facts/fit-facts.ts';
import { parseFacts } from '../../../shared/facts/parse-facts.ts';
import { pathOfRegistry } from '../../../shared/facts/registry-path.ts';
import { describeHive } from '../../../shared/registry/describe-hive.ts';
import { recoverHive } from '../../../shared/registry/recover-hive.ts';
import { readUpdates, type Update } from '../../../shared/registry/updates.ts';

function describe(bytes: Uint8Array) {
  const recovered = recoverHive(memorySource(bytes));
  assert.ok(recovered.ok);
  return { hive: recovered.hive, ...describeHive(recovered) };
}

const { system } = describe(
  buildSystemHive({
    computerName: 'LAB-7',
    drivers: [{ name: 'CSAgent', start: 1, imagePath: '\\??\\C:\\Windows\\drivers\\CS\\csagent.sys' }],
    diskFilters: ['cntflt'],
    pendingRenames: ['\\??\\C:\\a.tmp', ''],
  }),
);
const software = describe(
  buildSoftwareHive({
    build: 22_631,
    revision: 3880,
    machineGuid: '3b5f1f2e-4711-4d6a-8c1e-0a9d5b7c2e11',
    packages: [
      { name: 'Package_for_KB5039895~31bf3856ad364e35~amd64~~22621.3879.9217.1', state: 0x60 },
      {
        name: 'Package_for_KB5039895~31bf3856ad364e35~amd64~~22621.4000.1.1',
        state: 0x70,
        installedAt: '2024-07-09T10:00:00.000Z',
      },
      { name: 'Package_1_for_KB5039895~31bf3856ad364e35~amd64~~22621.4000.1.1', state: 0x70 },
    ],
    securityProducts: ['Contoso Guard', 'Contoso Guard'],
  }),
);

test('everything drawn from a reading is in the vocabulary, with the right type', () => {
  const crash = readCrashDump(
    memorySource(buildCsagentCrash({ capturedAt: new Date('2024-07-19T05:02:11.000Z') })),
  );
  assert.ok(crash.ok && system && software.software);
  const drawn: Facts = {
    ...factsOfCrashDump(crash.dump),
    ...factsOfBootLog({
      boots: [{ startedAtLocal: null, osBuild: null, line: 1, loaded: [], notLoaded: [] }],
      lastLoaded: { path: '\\SystemRoot\\x.sys', name: 'x.sys', line: 2 },
    }),
    ...factsOfSystemHive(system),
    ...factsOfFilters(system.filters),
    ...factsOfServices(system.services, ['csagent.sys', 'storahci.sys', 'absent.sys']),
    ...factsOfOsVersion(software.software.os),
    ...factsOfSoftwareHive({
      securityProducts: software.software.securityProducts,
      unfinished: software.software.servicing,
      updates: readUpdates(software.hive).updates,
    }),
  };
  assert.deepEqual(parseFacts(drawn).dropped, []);
  assert.equal(drawn['crash.module'], 'csagent.sys');
  assert.equal(drawn['bootlog.lastLoaded'], 'x.sys');
  assert.equal(drawn['boot.pendingRenames'], 1);
  assert.equal(drawn['filter.diskdrive.cntflt'], 'upper');
  assert.equal(drawn['service.csagent.imagePath'], '\\??\\C:\\Windows\\drivers\\CS\\csagent.sys');
  assert.equal(drawn['security.products'], 'Contoso Guard');
  assert.equal(drawn['update.kb5039895'], 'installed', 'of two packages the one that came last');
});

test('what overrides the start of a driver is what Windows does', () => {
  assert.ok(system);
  assert.deepEqual(factsOfServices(system.services, ['storahci.sys']), {
    'driver.storahci.start': 'demand',
    'service.storahci.start': 'boot',
    'service.storahci.imagePath': 'System32\\drivers\\storahci.sys',
  });
});

test('readings that say nothing give no facts', () => {
  assert.deepEqual(factsOfBootLog({ boots: [], lastLoaded: null }), {});
  assert.deepEqual(factsOfStartupRepair({ sessions: [], attempts: null }), {});
  const image = {
    architecture: 'unknown',
    fileVersion: null,
    companyName: ' ',
    timeDateStamp: '0x0',
  } as PortableExecutable;
  assert.deepEqual([factsOfKernelImage(image), factsOfDriverImage('x', image)], [{}, {}]);
});

test('of many updates those that wait come first, then the newest, and only a few', () => {
  const updates: Update[] = Array.from({ length: 30 }, (_, at) => ({
    name: `kb${at}`,
    state: at === 3 ? 'install-pending' : at % 2 === 0 ? 'installed' : 'superseded',
    installedAt: `2024-01-${String(at + 1).padStart(2, '0')}T00:00:00.000Z`,
  }));
  const facts = factsOfSoftwareHive({
    updates,
    securityProducts: [],
    unfinished: { pending: [] },
  });
  const names = Object.keys(facts).filter(name => !name.endsWith('.installedAt'));
  assert.deepEqual(
    names,
    ['kb3', 'kb28', 'kb26', 'kb24', 'kb22', 'kb20'].map(name => `update.${name}`),
  );
});

test('facts that do not fit are left out from the end, and the first source of a fact counts', () => {
  const told: Facts[] = [
    { 'os.build': 22_631 },
    { 'os.build': 22_621, 'os.revision': 3880 },
    { 'crash.code': '0x50' },
  ];
  assert.deepEqual(fitFacts(told, 1000), { 'os.build': 22_631, 'os.revision': 3880, 'crash.code': '0x50' });
  assert.deepEqual(fitFacts(told, 40), { 'os.build': 22_631, 'os.revision': 3880 });
  fc.assert(
    fc.property(fc.array(fc.dictionary(fc.string(), fc.string())), fc.nat(400), (groups, most) => {
      assert.ok(JSON.stringify(fitFacts(groups, most)).length <= Math.max(most, 2));
    }),
  );
});

test('a path of the registry leads below the Windows that was found, whatever its letter was', () => {
  const windows = { root: 'W:\\', windowsDirectory: 'W:\\Windows' };
  for (const [written, path] of [
    ['System32\\drivers\\a.sys', 'W:\\Windows\\System32\\drivers\\a.sys'],
    ['\\SystemRoot\\System32\\drivers\\a.sys', 'W:\\Windows\\System32\\drivers\\a.sys'],
    ['%SystemRoot%\\System32\\a.sys', 'W:\\Windows\\System32\\a.sys'],
    ['\\??\\D:\\Windows\\System32\\a.sys', 'W:\\Windows\\System32\\a.sys'],
    ['"\\??\\C:\\Program Files\\V\\a.sys"', 'W:\\Program Files\\V\\a.sys'],
    ['D:\\Program Files\\V\\a.sys', undefined],
    ['\\SystemRoot\\..\\a.sys', undefined],
    ['C:\\a.sys:stream', undefined],
    ['\\Device\\HarddiskVolume3\\a.sys', undefined],
    ['', undefined],
  ] as const)
    assert.equal(pathOfRegistry(windows, written), path, written);
});
