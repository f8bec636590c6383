import { printRegistryValue, readEntry, readRegistryValue } from '../read-registry.ts';
import { changeOf } from '../registry-edits.ts';
import { findEntryPlaces } from '../registry-value.ts';
import { refuse } from '../resolve-files.ts';
import type { RemoveRegistryEntryAction } from '../syntax-tree.ts';
import type { ActionDefinition } from './action-definition.ts';

export const removeRegistryEntry: ActionDefinition<RemoveRegistryEntryAction> = {
  verb: 'remove registry entry',
  form: 'remove registry entry "…" from KEY value NAME',
  example: String.raw`remove registry entry "scan" from HKLM\SOFTWARE\Contoso\Agent value Plugins`,
  class: 'reversible',
  meaning: 'takes one text out of a list of texts, and leaves the others as they are',
  clauses: [],
  undo: 'the hive returns from quarantine with the logs it had, byte for byte',
  verify: 'the list does not have the text',
  traps: [
    'With its last text the value goes. A value that is no REG_MULTI_SZ, or holds empty texts as pending renames do, refuses the plan. Case does not matter.',
  ],
  source: 'Microsoft: registry value types',
  windows: 'Windows 7 and later',
  changes: 'registry',
  read(cursor) {
    const entry = readEntry(cursor);
    const value = entry !== undefined && cursor.expect('from') ? readRegistryValue(cursor) : undefined;
    return entry === undefined || !value ? undefined : { verb: 'remove registry entry', entry, value };
  },
  print: ({ entry, value }) => `remove registry entry "${entry}" from ${printRegistryValue(value)}`,
  explain: ({ entry, value }) =>
    `Takes the text "${entry}" out of the list ${value.name || '(default)'} of HKLM\\${value.hive}\\${value.key}.`,
  plan({ entry, value }, { volume, registry }) {
    const { hive, name } = value;
    const found = findEntryPlaces(registry, value, entry);
    if (!found.ok) return refuse('registry-unknown', found.reason);
    return found.places
      .filter(place => place.isListed)
      .map(({ key }) =>
        changeOf(
          volume,
          hive,
          { kind: 'remove-list-entry', key, name, entry },
          `${key} ${name || '(default)'}: without "${entry}"`,
        ),
      );
  },
  prove({ entry, value }, { registry }) {
    const found = findEntryPlaces(registry, value, entry);
    if (!found.ok) return { verdict: 'unknown', reason: found.reason };
    const left = found.places.find(place => place.isListed);
    return left
      ? { verdict: 'failed', reason: `${value.name} of ${left.key} still has "${entry}".` }
      : { verdict: 'held', reason: `${value.name} does not have "${entry}".` };
  },
};
