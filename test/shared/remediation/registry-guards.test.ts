import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { buildDriverFile } from '../../../agent/lab/evidence/driver-file.ts';
import { buildDirtyHive, buildTornHive } from '../../../agent/lab/registry/log-builder.ts';
import { buildSystemHive, type LabSystem } from '../../../agent/lab/registry/windows-hives.ts';
import { checkScript } from '../../../shared/remediation/check-script.ts';
import { planScript } from '../../../shared/remediation/plan-script.ts';
import { MemoryVolume } from './memory-volume.ts';

const config = 'W:\\Windows\\System32\\config';
const target = 'W:\\Windows\\Temp\\bad.sys';
const cntflt: LabSystem = {
  computerName: 'LAPTOP-4711',
  drivers: [{ name: 'cntflt', start: 0 }],
  diskFilters: ['cntflt'],
};

/** `held`, or why the guard does not hold. */
function decide(guard: string, volume: MemoryVolume): string {
  const { script, diagnostics } = checkScript(`require ${guard}\n\ndelete %SystemRoot%\\Temp\\bad.sys\n`);
  assert.deepEqual(diagnostics, []);
  volume.put(target);
  const plan = planScript(script!, volume, {});
  return plan.kind === 'plan' ? 'held' : plan.kind === 'not-applicable' ? plan.code : plan.kind;
}

describe('guards on the registry', () => {
  const volume = new MemoryVolume({ [`${config}\\SYSTEM`]: { bytes: buildSystemHive(cntflt) } });
  for (const [guard, expected] of [
    ['driver cntflt is boot-start', 'held'],
    ['driver CNTFLT is boot-start', 'held'],
    ['driver cntflt is disabled', 'guard-failed'],
    ['driver absent is disabled', 'guard-failed'],
    ['service EventLog is auto-start', 'held'],
    ['service EventLog is demand-start', 'guard-failed'],
    // The name is there, and is the other of the two.
    ['driver EventLog is auto-start', 'guard-unknown'],
    ['service cntflt is boot-start', 'guard-unknown'],
    ['filter names cntflt', 'held'],
    ['no filter names cntflt', 'guard-failed'],
    ['filter names absent', 'guard-failed'],
    ['no filter names absent', 'held'],
  ] as const)
    test(`${guard}: ${expected}`, () => assert.equal(decide(guard, volume), expected));

  test('what waits in the logs counts', () => {
    const { hive, log1, log2 } = buildDirtyHive([
      buildSystemHive(cntflt),
      buildSystemHive({ ...cntflt, drivers: [{ name: 'cntflt', start: 4 }], diskFilters: ['xxxxxx'] }),
    ]);
    const dirty = new MemoryVolume({
      [`${config}\\SYSTEM`]: { bytes: hive },
      [`${config}\\SYSTEM.LOG1`]: { bytes: log1 },
      [`${config}\\SYSTEM.LOG2`]: { bytes: log2 },
    });
    assert.equal(decide('driver cntflt is disabled', dirty), 'held');
    assert.equal(decide('no filter names cntflt', dirty), 'held');
  });

  const guards = [
    'driver cntflt is boot-start',
    'driver cntflt is disabled',
    'filter names cntflt',
    'no filter names cntflt',
  ];
  test('a hive that is absent, damaged or torn makes every one of them unknown', () => {
    const hive = buildSystemHive(cntflt);
    const torn = hive.slice(0, 4096 + 512);
    const noHive = new Uint8Array(8192);
    const { hive: dirty } = buildTornHive(hive, buildSystemHive({ ...cntflt, diskFilters: [] }));
    for (const bytes of [undefined, noHive, torn, dirty]) {
      const files = bytes ? { [`${config}\\SYSTEM`]: { bytes } } : {};
      for (const guard of guards)
        assert.equal(decide(guard, new MemoryVolume(files)), 'guard-unknown', guard);
    }
  });
});

describe('guards on the version of a file', () => {
  const bytes = new Uint8Array(buildDriverFile({ version: '4.2.3.0', linkedAt: new Date(0) }));
  const volume = new MemoryVolume({
    'W:\\Windows\\a.sys': { bytes },
    'W:\\Windows\\b.sys': { bytes: new Uint8Array(100) },
  });
  for (const [guard, expected] of [
    ['a.sys version from 4.2.0 until 4.2.7', 'held'],
    ['a.sys version at least 4.2.7', 'guard-failed'],
    ['a.sys version 4.2.3, size below 1 MB', 'held'],
    ['b.sys version at least 1', 'guard-unknown'],
    ['c.sys version at least 1', 'guard-failed'],
  ] as const)
    test(`file ${guard}: ${expected}`, () =>
      assert.equal(decide(`file %SystemRoot%\\${guard}`, volume), expected));
});
