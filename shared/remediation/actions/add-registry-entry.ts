import { printRegistryValue, readEntry, readRegistryValue } from '../read-registry.ts';
import { changeOf } from '../registry-edits.ts';
import { findEntryPlaces } from '../registry-value.ts';
import { refuse } from '../resolve-files.ts';
import type { AddRegistryEntryAction } from '../syntax-tree.ts';
import type { ActionDefinition } from './action-definition.ts';

export const addRegistryEntry: ActionDefinition<AddRegistryEntryAction> = {
  verb: 'add registry entry',
  form: 'add registry entry "…" to KEY value NAME',
  example: String.raw`add registry entry "scan" to HKLM\SOFTWARE\Contoso\Agent value Plugins`,
  class: 'reversible',
  meaning: 'puts one text at the end of a list of texts that lacks it, and leaves the others as they are',
  clauses: [],
  undo: 'the hive returns from quarantine with the logs it had, byte for byte',
  verify: 'the list has the text',
  traps: [
    'A list is a REG_MULTI_SZ; where the value is missing it is made, and a value of another type refuses the plan. Case does not matter.',
  ],
  source: 'Microsoft: registry value types',
  windows: 'Windows 7 and later',
  changes: 'registry',
  read(cursor) {
    const entry = readEntry(cursor);
    const value = entry !== undefined && cursor.expect('to') ? readRegistryValue(cursor) : undefined;
    return entry === undefined || !value ? undefined : { verb: 'add registry entry', entry, value };
  },
  print: ({ entry, value }) => `add registry entry "${entry}" to ${printRegistryValue(value)}`,
  explain: ({ entry, value }) =>
    `Puts the text "${entry}" into the list ${value.name || '(default)'} of HKLM\\${value.hive}\\${value.key}, where it is missing.`,
  plan({ entry, value }, { volume, registry }) {
    const { hive, name } = value;
    const found = findEntryPlaces(registry, value, entry);
    if (!found.ok) return refuse('registry-unknown', found.reason);
    return found.places
      .filter(place => !place.isListed)
      .map(({ key }) =>
        changeOf(
          volume,
          hive,
          { kind: 'add-list-entry', key, name, entry, before: null },
          `${key} ${name || '(default)'}: with "${entry}"`,
        ),
      );
  },
  prove({ entry, value }, { registry }) {
    const found = findEntryPlaces(registry, value, entry);
    if (!found.ok) return { verdict: 'unknown', reason: found.reason };
    const other = found.places.find(place => !place.isListed);
    return other
      ? { verdict: 'failed', reason: `${value.name} of ${other.key} does not have "${entry}".` }
      : { verdict: 'held', reason: `${value.name} has "${entry}".` };
  },
};
