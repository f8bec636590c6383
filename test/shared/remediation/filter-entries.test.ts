import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { list, text } from '../../../agent/lab/registry/key-plan.ts';
import { buildSystemHive, type LabSystem } from '../../../agent/lab/registry/windows-hives.ts';
import { checkScript } from '../../../shared/remediation/check-script.ts';
import { explainScript } from '../../../shared/remediation/explain-script.ts';
import { formatScript } from '../../../shared/remediation/format-script.ts';
import { planScript } from '../../../shared/remediation/plan-script.ts';
import { isEditAllowed } from '../../../shared/remediation/registry-edits.ts';
import { MemoryVolume } from './memory-volume.ts';

const disk = '{4d36e967-e325-11ce-bfc1-08002be10318}';
const volume = '{71a27cdd-812a-11d0-bec7-08002be2092f}';
const mouse = 'USB\\VID_1532&PID_0084';
const drivers = 'W:\\Windows\\System32\\drivers';
const system: LabSystem = {
  computerName: 'LAPTOP-4711',
  drivers: [
    { name: 'iorate', start: 0 },
    { name: 'rdyboost', start: 0 },
    { name: 'late', start: 3 },
    { name: 'off', start: 4 },
    { name: 'other', start: 0 },
    { name: 'spare', start: 0 },
    { name: 'gone', start: 0 },
    { name: 'held', start: 0, startOverride: 3 },
    { name: 'elsewhere', start: 0, imagePath: '\\SystemRoot\\Vendor\\x.sys' },
  ],
  more: [
    {
      path: `Control\\Class\\${volume}`,
      values: [text('Class', 'Volume'), list('LowerFilters', 'fvevol', 'other', 'spare', 'rdyboost')],
    },
    { path: `Enum\\${mouse}\\5&1`, values: [list('UpperFilters', 'mouhid')] },
    { path: `Enum\\${mouse}\\5&2`, values: [list('UpperFilters', 'mouhid', 'late')] },
    { path: 'Enum\\SCSI\\Disk\\4&1', values: [text('ClassGUID', disk)] },
    { path: 'Control\\Class\\{0}', values: [text('Class', 'Twice')] },
    { path: 'Control\\Class\\{1}', values: [text('Class', 'Twice')] },
    { path: 'Control\\Class\\{2}', values: [text('Class', 'Plain')] },
  ],
};

function createVolume(): MemoryVolume {
  const files = ['iorate', 'rdyboost', 'late', 'off', 'held', 'partmgr', 'spare'].map(
    name => [`${drivers}\\${name}.sys`, {}] as const,
  );
  return new MemoryVolume({
    'W:\\Windows\\System32\\config\\SYSTEM': { bytes: new Uint8Array(buildSystemHive(system)) },
    'W:\\Windows\\Vendor\\x.sys': {},
    [`${drivers}\\empty.sys`]: { sizeBytes: 0 },
    ...Object.fromEntries(files),
  });
}

/** What a plan would do, one change a line; or why not. */
function shown(script: string, on = createVolume()): readonly string[] {
  const checked = checkScript(`${script}\n`);
  assert.deepEqual(checked.diagnostics, []);
  const plan = planScript(checked.script!, on, {});
  if (plan.kind !== 'plan') return [`${plan.kind} ${plan.code} line ${plan.line}`];
  return plan.steps.flatMap(step =>
    step.changes.map(change => (change.kind === 'edit-registry' ? change.what : change.kind)),
  );
}

const classes = 'ControlSet001\\Control\\Class';

describe('filter entries are added only for drivers that can be loaded', () => {
  for (const [line, expected] of [
    [
      'add filter entry iorate to lower filters of Volume, before rdyboost',
      `${classes}\\${volume} LowerFilters: with iorate`,
    ],
    [
      `add filter entry iorate to lower filters of ${volume}`,
      `${classes}\\${volume} LowerFilters: with iorate`,
    ],
    [
      'add filter entry iorate to lower filters of DiskDrive',
      `${classes}\\${disk} LowerFilters: with iorate`,
    ],
    [
      'add filter entry elsewhere to upper filters of DiskDrive',
      `${classes}\\${disk} UpperFilters: with elsewhere`,
    ],
    ['add filter entry late to upper filters of Plain', `${classes}\\{2} UpperFilters: with late`],
    [
      `add filter entry late to upper filters of devices ${mouse}, before mouhid`,
      `ControlSet001\\Enum\\${mouse}\\5&1 UpperFilters: with late`,
    ],
    ['add filter entry late to lower filters of devices SCSI\\Disk', 'refused driver-not-ready line 1'],
    [
      'add filter entry iorate to lower filters of devices SCSI\\Disk',
      'ControlSet001\\Enum\\SCSI\\Disk\\4&1 LowerFilters: with iorate',
    ],
    ['add filter entry late to upper filters of devices USB\\VID_0000', 'refused registry-unknown line 1'],
    ['add filter entry PartMgr to upper filters of DiskDrive', 'nothing-to-do no-match line 1'],
    [
      'add filter entry iorate to lower filters of Volume, before absent',
      'refused registry-not-editable line 1',
    ],
    ['add filter entry late to upper filters of DiskDrive', 'refused driver-not-ready line 1'],
    ['add filter entry held to upper filters of DiskDrive', 'refused driver-not-ready line 1'],
    ['add filter entry off to upper filters of Plain', 'refused driver-not-ready line 1'],
    ['add filter entry gone to upper filters of DiskDrive', 'refused driver-not-ready line 1'],
    ['add filter entry absent to upper filters of DiskDrive', 'refused driver-not-ready line 1'],
    ['add filter entry EventLog to upper filters of DiskDrive', 'refused registry-unknown line 1'],
    ['add filter entry iorate to upper filters of Absent', 'refused registry-unknown line 1'],
    ['add filter entry iorate to upper filters of Twice', 'refused registry-unknown line 1'],
  ] as const)
    test(line, () => assert.deepEqual(shown(line), [expected]));

  test('a file that an earlier line takes away does not count, one that it brings does', () => {
    const add = (name: string) => `add filter entry ${name} to upper filters of DiskDrive`;
    const folder = String.raw`%SystemRoot%\System32\drivers`;
    const moved = createVolume();
    moved.put(`${drivers}\\gone.bak`);
    assert.deepEqual(shown(`rename ${folder}\\gone.bak to gone.sys\n${add('gone')}`, moved), [
      'rename',
      `${classes}\\${disk} UpperFilters: with gone`,
    ]);
    assert.deepEqual(shown(`delete %SystemRoot%\\Vendor\\x.sys\n${add('elsewhere')}`), [
      'refused driver-not-ready line 2',
    ]);
  });
});

describe('lines on one filter list work together, and contradict each other never', () => {
  const list = `${classes}\\${volume} LowerFilters`;
  const add = (name: string, before = '') => `add filter entry ${name} to lower filters of Volume${before}`;
  for (const [lines, expected] of [
    [
      ['remove filter entry other', add('iorate', ', before rdyboost'), add('elsewhere', ', before iorate')],
      [`${list}: without other`, `${list}: with iorate`, `${list}: with elsewhere`],
    ],
    [
      ['remove filter entry other', 'remove filter entry spare'],
      [`${list}: without other`, `${list}: without spare`],
    ],
    // Each line sees what the lines above leave behind.
    [
      ['enable driver off as boot-start', add('off')],
      ['ControlSet001\\Services\\off Start: disabled → boot-start', `${list}: with off`],
    ],
    [
      ['remove filter entry other', 'disable driver other'],
      [`${list}: without other`, 'ControlSet001\\Services\\other Start: boot-start → disabled'],
    ],
    [['remove filter entry other', 'remove filter entry OTHER'], [`${list}: without other`]],
    [['remove filter entry spare', add('spare')], ['refused changed-twice line 2']],
    [[add('elsewhere'), 'remove filter entry elsewhere'], ['refused changed-twice line 2']],
    // Nothing to add, and yet what was asked for is gone.
    [[add('spare'), 'remove filter entry spare'], ['refused changed-twice line 1']],
    [[add('elsewhere'), 'disable driver elsewhere'], ['refused filter-still-listed line 2']],
    [
      ['remove filter entry other', add('iorate', ', before other')],
      ['refused registry-not-editable line 2'],
    ],
  ] as const)
    test(lines.join('; '), () => assert.deepEqual(shown(lines.join('\n')), expected));
});

test('only these edits are open in the lists of device classes and of single devices', () => {
  const edit = { kind: 'add-list-entry', name: 'UpperFilters', entry: 'x', before: null } as const;
  for (const key of [`${classes}\\${disk}`, 'ControlSet001\\Enum\\PCI\\A\\B'])
    assert.ok(isEditAllowed('SYSTEM', { ...edit, key }), key);
  for (const key of [
    'ControlSet001\\Enum\\PCI\\A',
    'ControlSet001\\Enum\\PCI\\A\\B\\C',
    `${classes}\\${disk}\\0000`,
    classes,
    'Setup',
  ])
    assert.ok(!isEditAllowed('SYSTEM', { ...edit, key }), key);
  assert.ok(!isEditAllowed('SYSTEM', { ...edit, key: `${classes}\\${disk}`, name: 'CoInstallers' }));
  const whole = { kind: 'remove-value', name: 'UpperFilters' } as const;
  assert.ok(!isEditAllowed('SYSTEM', { ...whole, key: `${classes}\\${disk}` }));
});

test('what the line means, and its one layout', () => {
  const { script } = checkScript('add filter entry iorate   to lower filters of Volume ,before rdyboost\n');
  assert.equal(
    explainScript(script!).at(-1)!.sentence,
    'Puts the driver iorate into the lower filters of the device class Volume, before rdyboost, where it is missing.',
  );
  assert.equal(
    formatScript(script!),
    'add filter entry iorate to lower filters of Volume, before rdyboost\n',
  );
});
