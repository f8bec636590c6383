import type { VolumeView } from '../facts/volume-view.ts';
import { type HiveEdit, planEdits } from '../registry/plan-edits.ts';
import { encodeDword, valueTypes } from '../registry/value-type.ts';
import { type HiveName, type OfflineRegistry, pathOfHive } from './offline-registry.ts';
import type { PlannedStep, RegistryChange } from './plan.ts';
import { refuse, type Refusal } from './resolve-files.ts';
import { type FilterEntry, type ServiceSetting, type StartKind, startKinds } from './service-settings.ts';

const editable: readonly { readonly key: RegExp; readonly names: readonly string[] }[] = [
  { key: /^ControlSet\d{3}\\Services\\[^\\]+$/i, names: ['Start'] },
  { key: /^ControlSet\d{3}\\Control\\Class\\[^\\]+$/i, names: ['UpperFilters', 'LowerFilters'] },
  { key: /^ControlSet\d{3}\\Enum\\[^\\]+\\[^\\]+\\[^\\]+$/i, names: ['UpperFilters', 'LowerFilters'] },
];

/** Whether an edit is one that a script can lead to; what a journal says is held against it too. */
export function isEditAllowed(hive: HiveName, edit: HiveEdit): boolean {
  if (hive !== 'SYSTEM') return false;
  return editable.some(({ key, names }) => key.test(edit.key) && names.includes(edit.name));
}

/** The change that sets when a driver or service starts. */
export function changeOfStart(volume: VolumeView, setting: ServiceSetting, start: StartKind): RegistryChange {
  const data = encodeDword(startKinds.indexOf(start));
  return changeOf(
    volume,
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
  changeOf(volume, { kind: 'remove-list-entry', key, name: list, entry }, `${key} ${list}: without ${entry}`);

function changeOf(volume: VolumeView, edit: HiveEdit, what: string): RegistryChange {
  const path = pathOfHive(volume, 'SYSTEM');
  const { sizeBytes = 0, writtenAtMs = 0 } = volume.find(path) ?? {};
  return { kind: 'edit-registry', hive: 'SYSTEM', path, sizeBytes, writtenAtMs, edit, what };
}

/** Tries all edits of a plan on the hives in memory; the line and the reason when one cannot be made. */
export function findUneditable(
  registry: OfflineRegistry,
  steps: readonly PlannedStep[],
): (Refusal & { readonly line: number }) | undefined {
  const changes = steps.flatMap(({ line, changes: made }) =>
    made.flatMap(change => (change.kind === 'edit-registry' ? [{ line, change }] : [])),
  );
  for (const name of new Set(changes.map(({ change }) => change.hive))) {
    const ours = changes.filter(({ change }) => change.hive === name);
    const line = ours[0]?.line ?? 1;
    const opened = registry.open(name);
    if (!opened.ok) return { ...refuse('registry-not-editable', opened.reason), line };
    const planned = planEdits(
      opened.recovered,
      ours.map(({ change }) => change.edit),
    );
    if (planned.ok) continue;
    const { edit = 0, message } = planned.problem;
    return { ...refuse('registry-not-editable', `${message}.`), line: ours[edit]?.line ?? line };
  }
  return undefined;
}
