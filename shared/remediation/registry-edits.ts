import type { VolumeView } from '../facts/volume-view.ts';
import type { HiveEdit } from '../registry/hive-edit.ts';
import { encodeDword, valueTypes } from '../registry/value-type.ts';
import { type HiveName, pathOfHive } from './offline-registry.ts';
import { clipReason, type RegistryChange } from './plan.ts';
import { findProtectedKey, findProtectionBelow, isProtectedValue } from './protected-keys.ts';
import { type FilterEntry, type ServiceSetting, type StartKind, startKinds } from './service-settings.ts';

interface OpenedValues {
  readonly kinds: readonly HiveEdit['kind'][];
  readonly key: RegExp;
  readonly names: readonly string[];
}

const filterLists = ['UpperFilters', 'LowerFilters'];

// What `disable`, `enable` and filter entries change, in keys that are closed to `set` and `remove`.
const switched: readonly OpenedValues[] = [
  { kinds: ['set-value'], key: /^ControlSet\d{3}\\Services\\[^\\]+$/i, names: ['Start'] },
  {
    kinds: ['remove-list-entry', 'add-list-entry'],
    key: /^ControlSet\d{3}\\(?:Control\\Class\\[^\\]+|Enum\\[^\\]+\\[^\\]+\\[^\\]+)$/i,
    names: filterLists,
  },
];

/** Whether an edit is one that a script can lead to; what a journal says is held against it too. */
export function isEditAllowed(hive: HiveName, edit: HiveEdit): boolean {
  const isSwitched = switched.some(
    ({ kinds, key, names }) =>
      'name' in edit && kinds.includes(edit.kind) && key.test(edit.key) && names.includes(edit.name),
  );
  if (hive === 'SYSTEM' && isSwitched) return true;
  if (edit.kind === 'remove-key') return findProtectionBelow(hive, edit.key) === undefined;
  if (edit.kind === 'create-key') return findProtectedKey(hive, edit.key) === undefined;
  const makes = edit.kind === 'set-value' || edit.kind === 'add-list-entry';
  return (
    findProtectedKey(hive, edit.key) === undefined && !(makes && isProtectedValue(hive, edit.key, edit.name))
  );
}

/** The change that sets when a driver or service starts. */
export function changeOfStart(volume: VolumeView, setting: ServiceSetting, start: StartKind): RegistryChange {
  const data = encodeDword(startKinds.indexOf(start));
  return changeOf(
    volume,
    'SYSTEM',
    { kind: 'set-value', key: setting.key, name: 'Start', type: valueTypes.dword, data },
    `${setting.key} Start: ${setting.start ?? 'without a meaning'} → ${start}`,
  );
}

/** The change that takes a driver out of a filter list. */
export const changeOfFilter = (
  volume: VolumeView,
  { key, list }: FilterEntry,
  entry: string,
): RegistryChange =>
  changeOf(
    volume,
    'SYSTEM',
    { kind: 'remove-list-entry', key, name: list, entry },
    `${key} ${list}: without ${entry}`,
  );

/** The change that makes an empty key. */
export const changeOfNewKey = (volume: VolumeView, hive: HiveName, key: string): RegistryChange =>
  changeOf(volume, hive, { kind: 'create-key', key }, `${key}: new key`);

/** One edit as a change of the hive's file; `what` says key, value, and what it was and is. */
export function changeOf(volume: VolumeView, hive: HiveName, edit: HiveEdit, what: string): RegistryChange {
  const path = pathOfHive(volume, hive);
  const { sizeBytes = 0, writtenAtMs = 0 } = volume.find(path) ?? {};
  return { kind: 'edit-registry', hive, path, sizeBytes, writtenAtMs, edit, what: clipReason(what) };
}
