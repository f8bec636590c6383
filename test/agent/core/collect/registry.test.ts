import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { makeRegistryExtract } from '../../../../agent/core/collect/make-registry-extract.ts';
import { collectRegistry } from '../../../../agent/core/collect/registry.ts';
import { HostError } from '../../../../agent/host/host.ts';
import type { MemoryHostOptions } from '../../../../agent/host/memory-host.ts';
import { buildHive } from '../../../../agent/lab/registry/hive-builder.ts';
import { dword, key } from '../../../../agent/lab/registry/key-plan.ts';
import { buildDirtyHive } from '../../../../agent/lab/registry/log-builder.ts';
import { buildSoftwareHive, buildSystemHive } from '../../../../agent/lab/registry/windows-hives.ts';
import { factsOfRegistryExtract } from '../../../../shared/facts/facts-of-registry-extract.ts';
import { readRegistryExtract } from '../../../../shared/registry/read-registry-extract.ts';
import { diskOf, foundOn } from '../../support/windows-disk.ts';

const config = 'Windows\\System32\\config';
const system = buildSystemHive({
  computerName: 'LAB-7',
  drivers: [{ name: 'badflt', start: 0, startOverride: 3 }],
  diskFilters: ['badflt'],
});
const later = buildSystemHive({ computerName: 'LAB-7', pendingRenames: ['\\??\\C:\\a.tmp', ''] });
const software = buildSoftwareHive({
  build: 26_100,
  revision: 4652,
  machineGuid: '3b5f1f2e-4711-4d6a-8c1e-0a9d5b7c2e11',
  packages: [
    {
      name: 'Package_for_KB5021233~31bf3856ad364e35~amd64~~19041.2364.1.7',
      state: 0x60,
      installedAt: '2024-06-01T10:00:00.000Z',
    },
    {
      name: 'Package_for_RollupFix~31bf3856ad364e35~amd64~~26100.4652.1.9',
      state: 0x70,
      installedAt: '2024-07-09T10:00:00.000Z',
    },
    { name: 'Package_for_KB5000001~31bf3856ad364e35~amd64~~1.0.0.1', state: 0x50 },
    { name: 'Microsoft-Windows-Foundation-Package~31bf3856ad364e35~amd64~~10.0.26100.1', state: 0x70 },
  ],
  securityProducts: ['Contoso Guard'],
  pending: ['RebootPending'],
});

/** Reads the registry of a Windows whose config folder holds these files. */
function readRegistry(
  files: Readonly<Record<string, Uint8Array>>,
  beforeCall?: MemoryHostOptions['beforeCall'],
) {
  const paths = Object.fromEntries(
    Object.entries(files).map(([name, bytes]) => [`${config}\\${name}`, bytes]),
  );
  const { host, windows } = foundOn({ C: diskOf(paths) }, beforeCall ? { beforeCall } : {});
  const extract = makeRegistryExtract(collectRegistry(host, windows), ['badflt.sys']);
  const sent = readRegistryExtract(Buffer.from(JSON.stringify(extract)));
  assert.deepEqual(sent, { ok: true, extract }, 'what is sent says what was read');
  return {
    ...factsOfRegistryExtract(extract),
    serviceCount: extract.system.content?.serviceCount ?? 0,
    calls: host.calls.filter(call => call.name === 'files.read').length,
  };
}

test('settings, filters, updates and products become facts', () => {
  const {
    states,
    settings,
    filters,
    software: installed,
    osVersion,
    services,
  } = readRegistry({
    SYSTEM: system,
    SOFTWARE: software,
  });
  assert.deepEqual(states, { 'hive.system': 'clean', 'hive.software': 'clean' });
  assert.deepEqual(settings, {
    'boot.pendingRenames': 0,
    'setup.state': 'none',
    'crash.autoReboot': true,
    'crash.dumpKind': 'automatic',
    'bitlocker.driverStartsAtBoot': true,
  });
  assert.deepEqual(filters, { 'filter.diskdrive.partmgr': 'upper', 'filter.diskdrive.badflt': 'upper' });
  assert.deepEqual(services, {
    'driver.badflt.start': 'demand',
    'service.badflt.start': 'boot',
    'service.badflt.imagePath': 'System32\\drivers\\badflt.sys',
  });
  assert.deepEqual(osVersion, {
    'os.build': 26_100,
    'os.revision': 4652,
    'os.edition': 'Professional',
    'os.release': '24H2',
    'os.productType': 'client',
  });
  assert.deepEqual(Object.entries(installed), [
    ['update.waiting', 'RebootPending'],
    ['security.products', 'Contoso Guard'],
    ['update.kb5021233', 'install-pending'],
    ['update.kb5021233.installedAt', '2024-06-01T10:00:00.000Z'],
    ['update.rollupfix-26100.4652.1.9', 'installed'],
    ['update.rollupfix-26100.4652.1.9.installedAt', '2024-07-09T10:00:00.000Z'],
  ]);
});

test('changes that wait in a log count; without that log nothing is told', () => {
  const dirty = buildDirtyHive([system, later]);
  const whole = readRegistry({ SYSTEM: dirty.hive, 'SYSTEM.LOG1': dirty.log1, 'SYSTEM.LOG2': dirty.log2 });
  assert.deepEqual([whole.states['hive.system'], whole.settings['boot.pendingRenames']], ['recovered', 1]);
  for (const [files, state] of [
    [{ SYSTEM: dirty.hive }, 'unrecovered'],
    [{ SYSTEM: dirty.hive, 'SYSTEM.LOG1': dirty.log1 }, 'incomplete'],
    [{ SYSTEM: new Uint8Array(9000) }, 'damaged'],
    [{}, 'absent'],
  ] as const) {
    const read = readRegistry(files);
    assert.equal(read.states['hive.system'], state);
    assert.deepEqual([read.settings, read.filters, read.services], [{}, {}, {}], state);
  }
});

test('a disk that fails while a hive is read leaves its facts unknown, and the run goes on', () => {
  for (const part of ['SYSTEM', 'SYSTEM.LOG1']) {
    const dirty = buildDirtyHive([system, later]);
    const { states, settings, osVersion } = readRegistry(
      { SYSTEM: dirty.hive, 'SYSTEM.LOG1': dirty.log1, 'SYSTEM.LOG2': dirty.log2, SOFTWARE: software },
      ({ name, subject }) => {
        if (name === 'files.read' && subject.includes(`config\\${part}`) && !subject.includes('LOG2'))
          throw new HostError({ kind: 'permanent', code: 'input-output', message: 'bad sector' });
      },
    );
    assert.deepEqual(states, { 'hive.system': 'unreadable', 'hive.software': 'clean' }, part);
    assert.deepEqual(settings, {});
    assert.equal(osVersion['os.build'], 26_100);
  }
});

test('a hive with more services than any Windows is read without them', () => {
  const services = Array.from({ length: 5000 }, (_, at) => key(`svc${at}`, [dword('Type', 1)]));
  const root = key(
    'ROOT',
    [],
    [
      key('ControlSet001', [], [key('Control'), key('Services', [], services)]),
      key('Select', [dword('Current', 1)]),
    ],
  );
  const read = readRegistry({ SYSTEM: buildHive({ root, fileName: 'SYSTEM' }) });
  assert.deepEqual([read.states['hive.system'], read.serviceCount, read.services], ['clean', 0, {}]);
});

test('whatever the bytes of hive and log are, reading ends within its budget', () => {
  const dirty = buildDirtyHive([system, later]);
  const damage = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 40 });
  const changed = (bytes: Uint8Array, changes: readonly (readonly [number, number])[]) => {
    const copy = bytes.slice();
    for (const [at, value] of changes) copy[at % copy.length] = value;
    return copy;
  };
  fc.assert(
    fc.property(damage, damage, damage, (inHive, inLog, inSoftware) => {
      const { states, calls } = readRegistry({
        SYSTEM: changed(dirty.hive, inHive),
        'SYSTEM.LOG1': changed(dirty.log1, inLog),
        'SYSTEM.LOG2': dirty.log2,
        SOFTWARE: changed(software, inSoftware),
      });
      assert.ok(typeof states['hive.system'] === 'string' && typeof states['hive.software'] === 'string');
      assert.ok(calls < 400, `${calls} reads`);
    }),
    { numRuns: 150 },
  );
});
