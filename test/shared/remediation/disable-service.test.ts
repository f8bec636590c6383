import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { buildHive } from '../../../agent/lab/registry/hive-builder.ts';
import { dword, key, type KeyPlan } from '../../../agent/lab/registry/key-plan.ts';
import {
  buildSystemHive,
  type LabSystem,
  planSystemHive,
} from '../../../agent/lab/registry/windows-hives.ts';
import { checkScript } from '../../../shared/remediation/check-script.ts';
import { explainScript } from '../../../shared/remediation/explain-script.ts';
import { planScript } from '../../../shared/remediation/plan-script.ts';
import { MemoryVolume } from './memory-volume.ts';

const system: LabSystem = {
  computerName: 'LAPTOP-4711',
  drivers: [
    { name: 'cntflt', start: 0 },
    { name: 'plain', start: 1 },
    { name: 'off', start: 4 },
  ],
  diskFilters: ['cntflt'],
};
const volumeOf = (bytes: Uint8Array) =>
  new MemoryVolume({ 'W:\\Windows\\System32\\config\\SYSTEM': { bytes: new Uint8Array(bytes) } });

/** What a plan would do, one change a line; or why not. */
function shown(text: string, volume = volumeOf(buildSystemHive(system))): readonly string[] {
  const { script, diagnostics } = checkScript(`${text}\n`);
  assert.deepEqual(diagnostics, []);
  const plan = planScript(script!, volume, {});
  if (plan.kind !== 'plan') return [`${plan.kind} ${plan.code} line ${plan.line}`];
  return plan.steps.flatMap(step =>
    step.changes.map(change => (change.kind === 'edit-registry' ? change.what : change.kind)),
  );
}

const disk = '{4d36e967-e325-11ce-bfc1-08002be10318}';

describe('plans that change drivers and services', () => {
  for (const [text, expected] of [
    ['disable driver plain', ['ControlSet001\\Services\\plain Start: system-start → disabled']],
    [
      'disable driver cntflt, removing filter entries',
      [
        `ControlSet001\\Control\\Class\\${disk} UpperFilters: without cntflt`,
        'ControlSet001\\Services\\cntflt Start: boot-start → disabled',
      ],
    ],
    ['disable driver cntflt', ['refused filter-still-listed line 1']],
    ['remove filter entry cntflt', [`ControlSet001\\Control\\Class\\${disk} UpperFilters: without cntflt`]],
    ['remove filter entry CNTFLT', [`ControlSet001\\Control\\Class\\${disk} UpperFilters: without CNTFLT`]],
    ['remove filter entry plain', ['nothing-to-do no-match line 1']],
    ['remove filter entry partmgr', ['refused boot-critical line 1']],
    ['disable driver stornvme', ['refused boot-critical line 1']],
    [
      'disable driver stornvme, accepting that Windows may not start',
      ['ControlSet001\\Services\\stornvme Start: boot-start → disabled'],
    ],
    ['disable service EventLog', ['refused boot-critical line 1']],
    ['disable service plain', ['refused registry-unknown line 1']],
    ['disable driver off', ['nothing-to-do no-match line 1']],
    ['disable driver absent', ['nothing-to-do no-match line 1']],
    ['enable driver off as demand-start', ['ControlSet001\\Services\\off Start: disabled → demand-start']],
    ['enable driver plain as system-start', ['nothing-to-do no-match line 1']],
  ] as const)
    test(text, () => assert.deepEqual(shown(text), expected));

  test('an unreadable hive refuses the whole plan', () => {
    assert.deepEqual(shown('disable driver plain', new MemoryVolume()), ['refused registry-unknown line 1']);
  });

  test('the sets of the next and of the last start are changed, and no other', () => {
    const plain = planSystemHive(system);
    const [first, , setup] = plain.keys!;
    const select = key('Select', [dword('Current', 1), dword('Default', 3), dword('Failed', 2)]);
    const copy = (name: string): KeyPlan => ({ ...first!, name });
    const root = key('ROOT', [], [first!, copy('ControlSet002'), copy('ControlSet003'), select, setup!]);
    assert.deepEqual(shown('disable driver plain', volumeOf(buildHive({ root, fileName: 'SYSTEM' }))), [
      'ControlSet003\\Services\\plain Start: system-start → disabled',
      'ControlSet001\\Services\\plain Start: system-start → disabled',
    ]);
  });
});

test('what these lines mean, in plain sentences', () => {
  const { script } = checkScript(
    'disable driver cntflt, removing filter entries\nenable service EventLog as auto-start\n\nverify no filter names cntflt\n',
  );
  assert.deepEqual(
    explainScript(script!)
      .slice(1)
      .map(one => one.sentence),
    [
      'Keeps the driver cntflt from starting, and takes it out of the filter lists of all devices.',
      'Lets the service EventLog start again, as auto-start.',
      'Afterwards checks that no filter list of a device names the driver cntflt; if not, everything is undone.',
    ],
  );
});
