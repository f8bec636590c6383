import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { binary } from '../../../agent/lab/registry/key-plan.ts';
import { buildSoftwareHive, buildSystemHive } from '../../../agent/lab/registry/windows-hives.ts';
import { checkScript } from '../../../shared/remediation/check-script.ts';
import { explainScript } from '../../../shared/remediation/explain-script.ts';
import { planScript } from '../../../shared/remediation/plan-script.ts';
import { protectedKeys, protectedValues } from '../../../shared/remediation/protected-keys.ts';
import { isEditAllowed } from '../../../shared/remediation/registry-edits.ts';
import { MemoryVolume } from './memory-volume.ts';

const config = 'W:\\Windows\\System32\\config';
const volume = new MemoryVolume({
  [`${config}\\SYSTEM`]: { bytes: buildSystemHive({ computerName: 'LAPTOP-4711' }) },
  [`${config}\\SOFTWARE`]: {
    bytes: buildSoftwareHive({
      build: 22631,
      revision: 3880,
      machineGuid: '0',
      more: [{ path: 'Large', values: [binary('a', new Uint8Array(1024 * 1024 + 1))] }],
    }),
  },
});
const crash = 'HKLM\\SYSTEM\\CurrentControlSet\\Control\\CrashControl';
const version = '"HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion"';

/** What a plan would do, one change a line; or why not. */
function shown(text: string): readonly string[] {
  const { script, diagnostics } = checkScript(`${text}\n`);
  assert.deepEqual(diagnostics, []);
  const plan = planScript(script!, volume, {});
  if (plan.kind !== 'plan') return [`${plan.kind} ${plan.code} line ${plan.line}`];
  return plan.steps.flatMap(step =>
    step.changes.map(change => (change.kind === 'edit-registry' ? change.what : change.kind)),
  );
}

describe('plans that change values', () => {
  const at = 'ControlSet001\\Control\\CrashControl';
  for (const [text, expected] of [
    [`set registry ${crash} value AutoReboot to number 0`, [`${at} AutoReboot: number 1 → number 0`]],
    [`set registry ${crash} value AutoReboot to number 1`, ['nothing-to-do no-match line 1']],
    [
      `set registry ${crash} value AlwaysKeepMemoryDump to number 1`,
      [`${at} AlwaysKeepMemoryDump: absent → number 1`],
    ],
    // A text that is expanded stays one; a number never takes its place.
    [
      `set registry ${crash} value DumpFile to text "D:\\MEMORY.DMP"`,
      [`${at} DumpFile: expandable text "%SystemRoot%\\MEMORY.DMP" → expandable text "D:\\MEMORY.DMP"`],
    ],
    [`set registry ${crash} value DumpFile to number 1`, ['refused registry-not-editable line 1']],
    [`set registry ${crash} value DumpFilters to text "x"`, ['refused registry-not-editable line 1']],
    [
      `set registry ${crash} value DumpFilters to texts "dumpfve.sys", "x.sys"`,
      [`${at} DumpFilters: texts "dumpfve.sys" → texts "dumpfve.sys", "x.sys"`],
    ],
    [
      `set registry ${crash} value DumpFile to expandable text "%SystemRoot%\\MEMORY.DMP"`,
      ['nothing-to-do no-match line 1'],
    ],
    [`set registry ${crash} value AutoReboot to 64-bit number 1`, ['refused registry-not-editable line 1']],
    [
      `set registry ${crash} value AutoReboot to 64-bit number 1, replacing the type`,
      [`${at} AutoReboot: number 1 → 64-bit number 1`],
    ],
    [
      `set registry ${crash} value AutoReboot to texts "a", "b", replacing the type`,
      [`${at} AutoReboot: number 1 → texts "a", "b"`],
    ],
    [
      `set registry ${crash} value AutoReboot to number 1, replacing the type`,
      ['nothing-to-do no-match line 1'],
    ],
    [
      `set registry ${crash} value New to 64-bit number 18446744073709551615`,
      [`${at} New: absent → 64-bit number 18446744073709551615`],
    ],
    [`set registry ${crash} value New to binary 00ff`, [`${at} New: absent → binary 00ff`]],
    [
      `add registry entry "x.sys" to ${crash} value DumpFilters\nremove registry entry "DUMPFVE.SYS" from ${crash} value DumpFilters`,
      [`${at} DumpFilters: with "x.sys"`, `${at} DumpFilters: without "DUMPFVE.SYS"`],
    ],
    [`add registry entry "DumpFve.sys" to ${crash} value DumpFilters`, ['nothing-to-do no-match line 1']],
    [`add registry entry "x" to ${crash} value New`, [`${at} New: with "x"`]],
    [`add registry entry "x" to ${crash} value AutoReboot`, ['refused registry-unknown line 1']],
    [`add registry entry "x" to ${crash}\\Absent value New`, ['refused registry-not-editable line 1']],
    [`remove registry entry "x" from ${crash} value DumpFilters`, ['nothing-to-do no-match line 1']],
    [
      `set registry ${crash} value DumpFilters to texts "a"\nadd registry entry "b" to ${crash} value DumpFilters`,
      ['refused changed-twice line 2'],
    ],
    [`set registry ${crash}\\Absent value X to number 1`, ['refused registry-not-editable line 1']],
    [
      `set registry ${crash}\\New\\Deep value X to number 1, creating the key\nset registry ${crash}\\New value Y to number 2`,
      [
        `${at}\\New: new key`,
        `${at}\\New\\Deep: new key`,
        `${at}\\New\\Deep X: absent → number 1`,
        `${at}\\New Y: absent → number 2`,
      ],
    ],
    [
      `set registry ${crash} value AutoReboot to number 0, creating the key`,
      [`${at} AutoReboot: number 1 → number 0`],
    ],
    // A driver or service is no key that a line makes by the way.
    [
      'set registry HKLM\\SYSTEM\\CurrentControlSet\\Services\\new\\Parameters value X to number 1, creating the key',
      ['refused protected-place line 1'],
    ],
    [`remove registry key ${crash}`, [`${at}: present → absent`]],
    [`remove registry key ${crash}\\Absent`, ['nothing-to-do no-match line 1']],
    [
      'remove registry key "HKLM\\SOFTWARE\\Microsoft\\Security Center", at most 3 keys',
      ['Microsoft\\Security Center: present with 2 below → absent'],
    ],
    [
      'remove registry key "HKLM\\SOFTWARE\\Microsoft\\Security Center", at most 2 keys',
      ['refused too-many-keys line 1'],
    ],
    ['remove registry key HKLM\\SOFTWARE\\Large', ['refused too-many-bytes line 1']],
    [
      `set registry ${crash} value AutoReboot to number 0\nremove registry key ${crash}`,
      ['refused changed-twice line 2'],
    ],
    [
      `remove registry key ${crash}\nset registry ${crash} value AutoReboot to number 0, creating the key`,
      ['refused changed-twice line 2'],
    ],
    [
      `remove registry key ${crash}\nset registry ${crash} value AutoReboot to number 0`,
      ['refused registry-not-editable line 2'],
    ],
    [`remove registry ${crash} value AutoReboot`, [`${at} AutoReboot: number 1 → absent`]],
    [`remove registry ${crash} value Absent`, ['nothing-to-do no-match line 1']],
    [
      `set registry ${version} value CurrentBuild to text "1"`,
      ['Microsoft\\Windows NT\\CurrentVersion CurrentBuild: text "22631" → text "1"'],
    ],
  ] as const)
    test(text, () => assert.deepEqual(shown(text), expected));
});

describe('guards on values', () => {
  const decide = (guard: string) =>
    shown(`require registry ${guard}\n\nremove registry ${crash} value AutoReboot`)[0];
  for (const [guard, holds] of [
    [`${crash} value AutoReboot is number 1`, true],
    [`${crash} value AutoReboot is number 2`, false],
    [`${crash} value autoreboot is present`, true],
    [`${crash} value AutoReboot is absent`, false],
    [`${crash} value Absent is absent`, true],
    [`${crash}\\Absent value X is absent`, true],
    [`${crash} value DumpFile is text "%SystemRoot%\\MEMORY.DMP"`, true],
    [`${version} value CurrentBuild is text "22631"`, true],
    [`${version} value CurrentBuild is expandable text "22631"`, false],
    [`${crash} value DumpFile is expandable text "%SystemRoot%\\MEMORY.DMP"`, true],
    [`${crash} value DumpFilters is texts "dumpfve.sys"`, true],
    [`${crash} value DumpFilters is texts "dumpfve.sys", "x"`, false],
    [`${crash} value DumpFilters has entry "DUMPFVE.SYS"`, true],
    [`${crash} value DumpFilters has no entry "x"`, true],
    [`${crash} value Absent has no entry "x"`, true],
    [`${crash} value Absent has entry "x"`, false],
    [`${crash} value AutoReboot is 64-bit number 1`, false],
    [`key ${crash} is present`, true],
    [`key ${crash} is absent`, false],
    [`key ${crash}\\Absent is absent`, true],
  ] as const)
    test(guard, () =>
      assert.equal(
        decide(guard),
        holds
          ? 'ControlSet001\\Control\\CrashControl AutoReboot: number 1 → absent'
          : 'not-applicable guard-failed line 1',
      ),
    );
});

test('every protected key is closed, below the root and below the control set, and to journals too', () => {
  for (const { hive, keys } of protectedKeys)
    for (const key of keys) {
      const paths =
        hive === 'SYSTEM' ? [`CurrentControlSet\\${key}`, `${key}\\Below`] : [key, `WOW6432Node\\${key}`];
      for (const path of paths) {
        const { diagnostics } = checkScript(
          `remove registry "HKLM\\${hive}\\${path.toLowerCase().replace('currentcontrolset', 'CurrentControlSet')}" value x\n`,
        );
        assert.deepEqual(
          diagnostics.map(one => one.code),
          ['protected-key'],
          path,
        );
        const edit = {
          kind: 'remove-value',
          key: path.replace('CurrentControlSet', 'ControlSet002'),
          name: 'x',
        } as const;
        assert.equal(isEditAllowed(hive, edit), false, path);
      }
    }
});

const linesOn = (key: string): readonly string[] => [
  `set registry "${key}" value x to texts "a"`,
  `set registry "${key}" value x to number 1, creating the key`,
  `add registry entry "a" to "${key}" value x`,
  `remove registry entry "a" from "${key}" value x`,
  `remove registry key "${key}"`,
];

test('no verb opens a protected key, and none takes away what it stands in', () => {
  const codesOf = (line: string) => checkScript(`${line}\n`).diagnostics.map(one => one.code);
  for (const { hive, keys } of protectedKeys)
    for (const key of keys) {
      const [below, set] = hive === 'SYSTEM' ? ['', 'CurrentControlSet\\'] : ['WOW6432Node\\', ''];
      for (const path of [
        `${set}${key}`,
        `${set}${key.toUpperCase()}\\Below`,
        `${below}${key.toLowerCase()}`,
      ]) {
        for (const line of linesOn(`HKLM\\${hive}\\${path}`))
          assert.deepEqual(codesOf(line), ['protected-key'], line);
        const edit = { key: path.replace('CurrentControlSet', 'controlset002') };
        for (const kind of ['create-key', 'remove-key'] as const)
          assert.equal(isEditAllowed(hive, { ...edit, kind }), false, path);
      }
      const parts = `${set}${key}`.split('\\');
      for (let length = 1; length < parts.length; length++) {
        const above = parts.slice(0, length).join('\\');
        assert.deepEqual(codesOf(`remove registry key "HKLM\\${hive}\\${above}"`), ['protected-key'], above);
        const edit = {
          kind: 'remove-key',
          key: above.replace('CurrentControlSet', 'ControlSet001'),
        } as const;
        assert.equal(isEditAllowed(hive, edit), false, above);
      }
    }
  for (const service of ['Tcpip\\Parameters', 'RPCSS\\Security', 'disk\\Enum'])
    assert.deepEqual(codesOf(`remove registry key HKLM\\SYSTEM\\CurrentControlSet\\Services\\${service}`), [
      'protected-key',
    ]);
});

test('a key under another spelling is no key that scripts can name', () => {
  for (const key of [
    'HKLM\\SYSTEM\\ControlSet001\\Control\\Lsa',
    'HKLM\\SYSTEM\\currentcontrolset\\Control\\Lsa',
    'HKLM\\SYSTEM\\CurrentControlSet\\\\Control\\Lsa',
    'HKLM\\SYSTEM\\CurrentControlSet\\ \\Control',
    'HKLM\\SYSTEM',
    'HKLM\\SOFTWARE\\',
    'HKLM\\SAM\\SAM',
    'HKLM\\SECURITY\\Policy',
    'HKCU\\Software\\Contoso',
    '\\Registry\\Machine\\SYSTEM\\Setup',
    'HKLM\\\u0405YSTEM\\Setup',
  ])
    for (const line of linesOn(key)) {
      const { script, diagnostics } = checkScript(`${line}\n`);
      assert.equal(script, undefined, line);
      assert.ok(
        diagnostics.every(one => /^(invalid-key|protected-key|forbidden-character)$/.test(one.code)),
        line,
      );
    }
});

test('values that make Windows run a program are closed, and stay open for taking them away', () => {
  for (const { key, names } of protectedValues)
    for (const name of names) {
      const path = `CurrentControlSet\\${key.replace('*', 'contoso')}`.replace(/ion man/, 'ion Man');
      const place = `"HKLM\\SYSTEM\\${path}" value ${name.toUpperCase()}`;
      const codesOf = (line: string) => checkScript(`${line}\n`).diagnostics.map(one => one.code);
      for (const content of ['number 1', 'text "x"', 'texts "x", "y"', 'binary 00'])
        assert.deepEqual(codesOf(`set registry ${place} to ${content}`), ['protected-key'], place);
      assert.deepEqual(codesOf(`add registry entry "x" to ${place}`), ['protected-key']);
      assert.deepEqual(codesOf(`remove registry entry "x" from ${place}`), []);
      assert.deepEqual(codesOf(`remove registry ${place}`), []);
      const edit = { key: path.replace('CurrentControlSet', 'controlset001'), name };
      const value = { ...edit, kind: 'set-value', type: 7, data: new Uint8Array(0) } as const;
      const entry = { ...edit, kind: 'add-list-entry', entry: 'x', before: null } as const;
      for (const one of [value, entry]) assert.equal(isEditAllowed('SYSTEM', one), false, name);
      assert.equal(isEditAllowed('SYSTEM', { ...edit, kind: 'remove-value' }), true);
    }
});

test('what these lines mean, in plain sentences', () => {
  const { script } = checkScript(
    `require registry ${crash} value AutoReboot is absent\n\nset registry ${crash} value AutoReboot to number 1\nremove registry ${crash} value DumpFile\n`,
  );
  assert.deepEqual(
    explainScript(script!).map(one => one.sentence),
    [
      `Applies only if the registry value AutoReboot of ${crash} is absent; otherwise, or if that is not known, nothing is done.`,
      `Sets the registry value AutoReboot of ${crash} to number 1.`,
      `Removes the registry value DumpFile of ${crash}.`,
    ],
  );
});
