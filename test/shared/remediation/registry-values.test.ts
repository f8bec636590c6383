import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { buildSoftwareHive, buildSystemHive } from '../../../agent/lab/registry/windows-hives.ts';
import { checkScript } from '../../../shared/remediation/check-script.ts';
import { explainScript } from '../../../shared/remediation/explain-script.ts';
import { planScript } from '../../../shared/remediation/plan-script.ts';
import { protectedKeys } from '../../../shared/remediation/protected-keys.ts';
import { isEditAllowed } from '../../../shared/remediation/registry-edits.ts';
import { MemoryVolume } from './memory-volume.ts';

const config = 'W:\\Windows\\System32\\config';
const volume = new MemoryVolume({
  [`${config}\\SYSTEM`]: { bytes: buildSystemHive({ computerName: 'LAPTOP-4711' }) },
  [`${config}\\SOFTWARE`]: {
    bytes: buildSoftwareHive({ build: 22631, revision: 3880, machineGuid: '0' }),
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
      [`${at} DumpFile: text "%SystemRoot%\\MEMORY.DMP" → text "D:\\MEMORY.DMP"`],
    ],
    [`set registry ${crash} value DumpFile to number 1`, ['refused registry-not-editable line 1']],
    [`set registry ${crash} value DumpFilters to text "x"`, ['refused registry-not-editable line 1']],
    [`set registry ${crash}\\Absent value X to number 1`, ['refused registry-not-editable line 1']],
    [`remove registry ${crash} value AutoReboot`, [`${at} AutoReboot: number 1 → absent`]],
    [`remove registry ${crash} value Absent`, ['nothing-to-do no-match line 1']],
    [
      `set registry ${crash} value AutoReboot to number 0\nremove registry ${crash} value AUTOREBOOT`,
      ['refused changed-twice line 2'],
    ],
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
