import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { buildSoftwareHive } from '../../../agent/lab/registry/windows-hives.ts';
import type { Facts } from '../../../shared/facts/facts.ts';
import { checkScript } from '../../../shared/remediation/check-script.ts';
import { explainScript } from '../../../shared/remediation/explain-script.ts';
import { planScript } from '../../../shared/remediation/plan-script.ts';
import { MemoryVolume } from './memory-volume.ts';

const rollup = 'Package_for_RollupFix~31bf3856ad364e35~amd64~~15063.674.1.8';
const kb = (part: string) => `Package_for_KB2823324~31bf3856ad364e35~amd64~~6.1.1.${part}`;
const software = buildSoftwareHive({
  build: 15_063,
  revision: 674,
  machineGuid: '0',
  packages: [
    { name: rollup, state: 0x60 },
    { name: kb('1'), state: 0x70 },
    { name: 'Package_for_KB1111111~31bf3856ad364e35~amd64~~6.1.1.1', state: 0x70 },
    { name: 'Package_for_KB1111111~31bf3856ad364e35~amd64~~6.1.1.2', state: 0x40 },
  ],
});
const facts: Facts = {
  'os.build': 15_063,
  'os.revision': 674,
  'os.edition': 'Professional',
  'os.architecture': 'x64',
  'os.productType': 'client',
  'crash.process': 'WerFaultSecure',
  'crash.module': 'contoso.sys',
};
const bad = String.raw`W:\Windows\System32\bad.dat`;
const hash = 'ab'.repeat(32);

/** How a guard turns out on a machine with these hives. */
function verdictOf(
  condition: string,
  over: { readonly hive?: Uint8Array; readonly facts?: Facts } = {},
): string {
  const volume = Object.assign(
    new MemoryVolume({
      [bad]: { bytes: new Uint8Array(3) },
      'W:\\Windows\\System32\\config\\SOFTWARE': { bytes: over.hive ?? software },
    }),
    { hash: (path: string) => (path === bad ? hash : undefined), freeBytes: () => 3 * 1024 ** 3 },
  );
  const text = `require ${condition}\n\ndelete %SystemRoot%\\System32\\bad.dat\n`;
  const { script, diagnostics } = checkScript(text);
  assert.deepEqual(diagnostics, []);
  assert.ok(explainScript(script!).length > 1);
  const plan = planScript(script!, volume, over.facts ?? facts);
  if (plan.kind === 'plan') return 'held';
  assert.equal(plan.kind, 'not-applicable');
  return plan.code === 'guard-failed' ? 'failed' : 'unknown';
}

describe('guards on servicing, on Windows, on room and on the crash', () => {
  for (const [condition, wanted] of [
    [`package ${rollup} is install-pending`, 'held'],
    [`package ${rollup} is installed`, 'failed'],
    [`package ${rollup.replace('674', '675')} is absent`, 'held'],
    ['update KB2823324 is installed', 'held'],
    ['update KB2823324 is absent', 'failed'],
    ['update KB9999999 is absent', 'held'],
    // Two packages of one update in two states: neither can be said of it.
    ['update KB1111111 is installed', 'failed'],
    ['windows revision from 674 until 700', 'held'],
    ['windows revision below 674', 'failed'],
    ['windows edition is professional', 'held'],
    ['windows edition is Education', 'failed'],
    ['windows architecture is x64', 'held'],
    ['windows product is server', 'failed'],
    ['free space at least 2 GB', 'held'],
    ['free space below 2 GB', 'failed'],
    ['crash process is WerFaultSecure.exe', 'held'],
    ['crash process is lsass.exe', 'failed'],
    [String.raw`file %SystemRoot%\System32\bad.dat sha256 ${hash}`, 'held'],
    [String.raw`file %SystemRoot%\System32\bad.dat sha256 ${'cd'.repeat(32)}`, 'failed'],
    ['none of\n  crash module is other.sys\n  windows architecture is arm64', 'held'],
    ['none of\n  crash module is contoso.sys\n  windows architecture is arm64', 'failed'],
    ['none of\n  crash code is 0x50\n  windows architecture is arm64', 'unknown'],
  ] as const)
    test(condition, () => assert.equal(verdictOf(condition), wanted));

  test('what cannot be read is unknown, never absent', () => {
    const damaged = new Uint8Array(4096);
    for (const condition of [`package ${rollup} is absent`, 'update KB9999999 is absent'])
      assert.equal(verdictOf(condition, { hive: damaged }), 'unknown');
    for (const condition of [
      'windows edition is Professional',
      'windows revision 674',
      'crash process is System',
    ])
      assert.equal(verdictOf(condition, { facts: {} }), 'unknown');
  });

  test('an update is known from the facts where the hive is not at hand', () => {
    const told = { ...facts, 'update.kb9999999': 'install-pending' };
    assert.equal(
      verdictOf('update KB9999999 is install-pending', { hive: new Uint8Array(4096), facts: told }),
      'held',
    );
  });
});
