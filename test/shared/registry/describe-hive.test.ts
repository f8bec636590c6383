import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { buildHive } from '../../../agent/lab/registry/hive-builder.ts';
import { binary, dword, key, list, text } from '../../../agent/lab/registry/key-plan.ts';
import {
  buildBootStore,
  buildSoftwareHive,
  buildSystemHive,
} from '../../../agent/lab/registry/windows-hives.ts';
import { memorySource } from '../../../shared/bytes/byte-source.ts';
import { readBitLockerSettings } from '../../../shared/registry/bitlocker-settings.ts';
import { findRecovery } from '../../../shared/registry/boot-configuration.ts';
import { readControlSets } from '../../../shared/registry/control-sets.ts';
import { readCrashControl } from '../../../shared/registry/crash-control.ts';
import { describeHive, type HiveDescription } from '../../../shared/registry/describe-hive.ts';
import { type Hive, openHive } from '../../../shared/registry/hive.ts';
import { readOsVersion } from '../../../shared/registry/os-version.ts';
import { readPendingRenames } from '../../../shared/registry/pending-renames.ts';
import { recoverHive } from '../../../shared/registry/recover-hive.ts';
import { earlyLaunchDrivers, readSecurityProducts } from '../../../shared/registry/security-products.ts';
import { bootDrivers, readServices } from '../../../shared/registry/services.ts';
import { readSample, withoutSamples } from './samples.ts';

function explain(bytes: Uint8Array): HiveDescription {
  const recovered = recoverHive(memorySource(bytes));
  assert.ok(recovered.ok);
  return describeHive(recovered);
}

function open(bytes: Uint8Array): Hive {
  const opened = openHive(memorySource(bytes));
  assert.ok(opened.ok);
  return opened.hive;
}

describe('a SYSTEM hive', () => {
  const bytes = buildSystemHive({
    computerName: 'LAB-7',
    drivers: [{ name: 'csagent', start: 1, group: 'FSFilter Activity Monitor' }],
    diskFilters: ['cntflt'],
    pendingRenames: [
      '\\??\\C:\\a.tmp',
      '',
      '*1\\??\\C:\\new.dll',
      '!\\??\\C:\\old.dll',
      '\\??\\C:\\x',
      '\\??\\C:\\y',
    ],
  });
  const { kind, system, state } = explain(bytes);

  test('tells the machine, its control set and processor', () => {
    assert.deepEqual([kind, state], ['system', 'clean']);
    const { controlSets, computer, processor } = system!;
    assert.deepEqual(
      [controlSets.path, controlSets.current, controlSets.default, controlSets.failed, controlSets.missing],
      ['ControlSet001', 1, 1, 0, []],
    );
    assert.deepEqual(computer, { name: 'LAB-7', dnsName: 'lab-7', domain: 'corp.example', missing: [] });
    assert.equal(processor.architecture, 'x64');
  });

  test('tells boot drivers in load order, and what overrides them', () => {
    const drivers = system!.bootDrivers;
    assert.deepEqual(
      drivers.map(one => one.name),
      [
        'ACPI',
        'WdBoot',
        'partmgr',
        'pci',
        'volmgr',
        'storahci',
        'stornvme',
        'disk',
        'fvevol',
        'Tcpip',
        'volume',
      ],
    );
    const overridden = drivers.find(one => one.name === 'storahci');
    assert.deepEqual([overridden?.start, overridden?.startOverride], ['boot', 'demand']);
    assert.deepEqual(
      earlyLaunchDrivers(system!.services).map(one => one.name),
      ['WdBoot'],
    );
    assert.deepEqual(
      system!.services
        .filter(one => one.name === 'csagent' || one.name === 'EventLog')
        .map(one => [one.kind, one.start, one.errorControl]),
      [
        ['kernel-driver', 'system', 'critical'],
        ['program', 'auto', 'normal'],
      ],
    );
  });

  test('tells filters, crash settings, page files and what waits for the next start', () => {
    const disk = { className: 'DiskDrive', upper: ['partmgr', 'cntflt'], lower: [] };
    assert.deepEqual(
      system!.filters.map(({ className, upper, lower }) => ({ className, upper, lower })),
      [disk],
    );
    const { dump, restarts, pageFiles, dumpFilters } = system!.crashControl;
    assert.deepEqual(
      [dump, restarts, pageFiles, dumpFilters],
      ['automatic', true, ['\\??\\C:\\pagefile.sys'], ['dumpfve.sys']],
    );
    assert.deepEqual(system!.pendingRenames, [
      { from: 'C:\\a.tmp', to: null, replaces: false },
      { from: 'C:\\new.dll', to: 'C:\\old.dll', replaces: true },
      { from: 'C:\\x', to: 'C:\\y', replaces: false },
    ]);
    assert.deepEqual(system!.setup.bootExecute, ['autocheck autochk *']);
    assert.deepEqual(system!.bitLocker, { driverStartsAtBoot: true, startedProtected: null });
  });

  test('filters of a single device are found below Enum', () => {
    const device = key(
      'Enum',
      [],
      [key('PCI', [], [key('VEN_1', [], [key('3&1', [list('LowerFilters', 'odd')])])])],
    );
    const hive = buildHive({
      root: key('R', [], [key('Select'), key('Setup'), key('ControlSet001', [], [device])]),
    });
    assert.deepEqual(explain(hive).system!.filters, [
      { path: 'ControlSet001\\Enum\\PCI\\VEN_1\\3&1', className: null, upper: [], lower: ['odd'] },
    ]);
  });
});

describe('what a hive does not say is named', () => {
  const empty = open(
    buildHive({ root: key('R', [], [key('ControlSet002'), key('Select', [text('Current', '1')])]) }),
  );

  test('control sets', () => {
    const sets = readControlSets(empty);
    assert.equal(sets.path, 'ControlSet002');
    assert.deepEqual(
      sets.missing.map(one => [one.code, one.what]),
      [
        ['type-unexpected', 'Select:Current'],
        ['value-absent', 'Select:Default'],
        ['value-absent', 'Select:Failed'],
        ['value-absent', 'Select:LastKnownGood'],
      ],
    );
  });

  test('services, crash settings, renames, version', () => {
    const services = readServices(empty, 'ControlSet002');
    assert.deepEqual([services.services, bootDrivers(services)], [[], []]);
    assert.equal(services.missing[0]?.code, 'key-absent');
    assert.equal(readCrashControl(empty, 'ControlSet002').dump, 'unknown');
    assert.deepEqual(readPendingRenames(empty, 'ControlSet002'), []);
    assert.deepEqual(readBitLockerSettings(empty, 'ControlSet002'), {
      driverStartsAtBoot: null,
      startedProtected: null,
    });
    assert.equal(readOsVersion(empty).build, null);
    assert.deepEqual(readSecurityProducts(empty), []);
  });
});

test('an active dump is a complete one without pages that matter to nobody', () => {
  const crash = key('CrashControl', [
    dword('CrashDumpEnabled', 1),
    dword('FilterPages', 1),
    dword('AutoReboot', 0),
  ]);
  const hive = open(buildHive({ root: key('R', [], [key('CS', [], [key('Control', [], [crash])])]) }));
  const { dump, restarts, dumpFile } = readCrashControl(hive, 'CS');
  assert.deepEqual([dump, restarts, dumpFile], ['active', false, '%SystemRoot%\\MEMORY.DMP']);
});

test('a SOFTWARE hive tells version, packages, products and policy', () => {
  const rollup = 'Package_for_RollupFix~31bf3856ad364e35~amd64~~26100.4652.1.9';
  const { kind, software } = explain(
    buildSoftwareHive({
      build: 26_100,
      revision: 4652,
      machineGuid: 'D3B07384-D9A0-4C1B-8F3E-2B1A4C5D6E7F',
      packages: [
        { name: rollup, state: 0x60, installedAt: '2026-10-14T03:00:00Z' },
        { name: 'Old~1', state: 0x50 },
        { name: 'Odd~1', state: 0x99 },
      ],
      securityProducts: ['Example Guard'],
      pending: ['RebootPending', 'SessionsPending'],
    }),
  );
  assert.equal(kind, 'software');
  const { os, servicing, machineGuid, securityProducts, bitLockerPolicy } = software!;
  assert.deepEqual(
    [os.product, os.build, os.revision, os.release, os.edition, os.missing],
    ['Windows 11 Pro', 26_100, 4652, '24H2', 'Professional', []],
  );
  assert.equal(machineGuid, 'd3b07384-d9a0-4c1b-8f3e-2b1a4c5d6e7f');
  assert.deepEqual(
    servicing.packages.map(one => [one.name, one.state, one.stateNumber, one.installedAt]),
    [
      ['Odd~1', 'unknown', 0x99, null],
      ['Old~1', 'superseded', 0x50, null],
      [rollup, 'install-pending', 0x60, '2026-10-14T03:00:00.000Z'],
    ],
  );
  assert.deepEqual(
    [servicing.pending, servicing.exclusiveSession],
    [['RebootPending', 'SessionsPending'], true],
  );
  assert.deepEqual(
    securityProducts.map(one => [one.name, one.role]),
    [['Example Guard', 'antivirus']],
  );
  assert.deepEqual(bitLockerPolicy.numbers, { UseTPMPIN: 0 });
});

describe('a BCD store', () => {
  test('tells what is started, and whether failures lead to recovery', () => {
    const { kind, bootConfiguration } = explain(buildBootStore({ safeBoot: 1 }));
    assert.equal(kind, 'boot-configuration');
    const started = bootConfiguration!.loaders.find(one => one.id === bootConfiguration!.default);
    assert.deepEqual(
      [started?.description, started?.safeBoot, started?.recoveryEnabled],
      ['Windows 11', 'network', true],
    );
    assert.equal(bootConfiguration!.timeoutSeconds, 30);
    const recovery = findRecovery(bootConfiguration!);
    assert.deepEqual([recovery.enabled, recovery.loader?.windowsPe], [true, true]);
  });

  test('recovery that is off, and a store that names nothing', () => {
    assert.equal(
      findRecovery(explain(buildBootStore({ recoveryEnabled: false })).bootConfiguration!).enabled,
      false,
    );
    const bare = explain(
      buildHive({ root: key('R', [], [key('Description'), key('Objects')]) }),
    ).bootConfiguration!;
    assert.deepEqual([bare.default, findRecovery(bare)], [null, { enabled: null, loader: null }]);
  });
});

test('any other hive is just a hive', () => {
  const { kind, system, software, bootConfiguration } = explain(
    buildHive({ root: key('R', [binary('x', new Uint8Array(9))]) }),
  );
  assert.deepEqual([kind, system, software, bootConfiguration], ['other', null, null, null]);
});

describe('real hives', () => {
  test('SYSTEM of a Windows 7 that was started from set 1', { skip: withoutSamples }, () => {
    const { system } = explain(readSample('SYSTEM'));
    assert.deepEqual([system!.controlSets.path, system!.controlSets.lastKnownGood], ['ControlSet001', 2]);
    assert.equal(system!.computer.name, 'WKS-WIN732BITA');
    assert.equal(system!.processor.architecture, 'x86');
    assert.ok(system!.bootDrivers.some(one => one.name === 'Disk' && one.start === 'boot'));
  });

  test('SYSTEM of a Windows 10 with renames that wait', { skip: withoutSamples }, () => {
    const { system, state } = explain(readSample('SYSTEM_WIN_10_1709'));
    assert.equal(state, 'unrecovered');
    assert.equal(system!.crashControl.dump, 'automatic');
    assert.ok(system!.filters.some(one => one.className === 'Volume' && one.lower.includes('fvevol')));
    assert.deepEqual(
      earlyLaunchDrivers(system!.services).map(one => one.name),
      ['WdBoot'],
    );
    const renames = system!.pendingRenames;
    assert.ok(renames.every(one => /^[A-Z]:\\/.test(one.from)));
    assert.ok(renames.some(one => one.to === null) && renames.some(one => one.replaces));
  });

  test('a BCD store whose default leads to recovery', { skip: withoutSamples }, () => {
    const recovery = findRecovery(explain(readSample('BCD')).bootConfiguration!);
    assert.deepEqual(
      [recovery.enabled, recovery.loader?.description],
      [true, 'Windows Recovery Environment'],
    );
    assert.equal(recovery.loader?.windowsPe, true);
  });
});
