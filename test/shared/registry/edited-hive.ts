import assert from 'node:assert/strict';
import {
  type KeyPlan,
  dword,
  key,
  list,
  text,
  type ValuePlan,
} from '../../../agent/lab/registry/key-plan.ts';
import { type ByteSource, memorySource } from '../../../shared/bytes/byte-source.ts';
import { applyPatches, type BytePatch, invertPatches } from '../../../shared/registry/byte-patch.ts';
import { checkHive } from '../../../shared/registry/check-hive.ts';
import { type Hive, openHive } from '../../../shared/registry/hive.ts';
import type { HiveEdit } from '../../../shared/registry/hive-edit.ts';
import { type EditPlan, planEdits } from '../../../shared/registry/plan-edits.ts';
import { type HiveLogs, type RecoveredHive, recoverHive } from '../../../shared/registry/recover-hive.ts';
import { bytesOf } from './hivex.ts';

export const disk = 'ControlSet001\\Control\\Class\\{4d36e967-e325-11ce-bfc1-08002be10318}';
export const system: KeyPlan = key(
  'ROOT',
  [],
  [
    key(
      'ControlSet001',
      [],
      [
        key(
          'Control',
          [],
          [
            key(
              'Class',
              [],
              [
                key('{4d36e967-e325-11ce-bfc1-08002be10318}', [
                  text('Class', 'DiskDrive'),
                  list('UpperFilters', 'partmgr', 'cntflt', 'volsnap'),
                  list('LowerFilters', 'cntflt'),
                ]),
              ],
            ),
          ],
        ),
        key(
          'Services',
          [],
          [key('cntflt', [dword('Start', 0), text('ImagePath', 'system32\\drivers\\cntflt.sys')])],
        ),
      ],
    ),
  ],
);

export function recover(file: Uint8Array, logs: HiveLogs = {}): RecoveredHive {
  const recovered = recoverHive(memorySource(file), logs);
  assert.ok(recovered.ok);
  return recovered;
}

export function plan(recovered: RecoveredHive, ...edits: HiveEdit[]): EditPlan {
  const result = planEdits(recovered, edits);
  assert.ok(result.ok, result.ok ? '' : result.problem.message);
  return result.plan;
}

export function patched(file: ByteSource, patches: readonly BytePatch[]): Uint8Array {
  const result = applyPatches(file, patches);
  assert.ok(result.ok, result.ok ? '' : result.problem.message);
  return bytesOf(result.image);
}

/** The edited hive, after it was proven that it is whole, clean, and that undo gives the file to the byte. */
export function edit(
  file: Uint8Array,
  edits: readonly HiveEdit[],
  logs: HiveLogs = {},
): { bytes: Uint8Array; hive: Hive; plan: EditPlan } {
  const recovered = recover(file, logs);
  const lostBefore = checkHive(recovered.hive).lostCells;
  const made = plan(recovered, ...edits);
  const bytes = patched(memorySource(file), made.patches);
  const opened = openHive(memorySource(bytes));
  assert.ok(opened.ok);
  const check = checkHive(opened.hive);
  assert.deepEqual([check.problems, check.lostCells], [[], lostBefore]);
  assert.equal(opened.hive.dirty, made.patches.length === 0 ? opened.hive.dirty : false);
  assert.deepEqual(patched(memorySource(bytes), invertPatches(made.patches)), file);
  return { bytes, hive: opened.hive, plan: made };
}

export const dataAt = (hive: Hive, path: string, name: string): Uint8Array | undefined => {
  const found = hive.findKey(path);
  const value = found && hive.findValue(found, name);
  return value && hive.dataOf(value);
};

export const setValue = (path: string, { name, type, data }: ValuePlan): HiveEdit => ({
  kind: 'set-value',
  key: path,
  name,
  type,
  data,
});
export const service = 'ControlSet001\\Services\\cntflt';
