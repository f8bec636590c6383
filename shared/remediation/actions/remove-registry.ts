import { printRegistryValue, readRegistryValue } from '../read-registry.ts';
import { changeOf } from '../registry-edits.ts';
import { findValues, sayFound } from '../registry-value.ts';
import { refuse } from '../resolve-files.ts';
import type { RemoveRegistryAction } from '../syntax-tree.ts';
import type { ActionDefinition } from './action-definition.ts';

export const removeRegistry: ActionDefinition<RemoveRegistryAction> = {
  verb: 'remove registry',
  form: 'remove registry KEY value NAME',
  example: String.raw`remove registry HKLM\SOFTWARE\Contoso\Agent value PendingUpdate`,
  class: 'reversible',
  meaning: 'takes one value out of a key',
  clauses: [],
  undo: 'the hive returns from quarantine with the logs it had, byte for byte',
  verify: 'the value is absent',
  traps: ['Keys are not removed. A value that is absent already is nothing to do.'],
  source: 'Microsoft: registry value types',
  windows: 'Windows 7 and later',
  changes: 'registry',
  read(cursor) {
    const value = readRegistryValue(cursor);
    return value && { verb: 'remove registry', value };
  },
  print: ({ value }) => `remove registry ${printRegistryValue(value)}`,
  explain: ({ value }) =>
    `Removes the registry value ${value.name || '(default)'} of HKLM\\${value.hive}\\${value.key}.`,
  plan({ value }, { volume, registry }) {
    const { hive, name } = value;
    const found = findValues(registry, value);
    if (!found.ok) return refuse('registry-unknown', found.reason);
    return found.places
      .filter(place => place.found.kind === 'value')
      .map(({ key, found: one }) =>
        changeOf(
          volume,
          hive,
          { kind: 'remove-value', key, name },
          `${key} ${name || '(default)'}: ${sayFound(one)} → absent`,
        ),
      );
  },
  prove({ value }, { registry }) {
    const found = findValues(registry, value);
    if (!found.ok) return { verdict: 'unknown', reason: found.reason };
    const left = found.places.find(place => place.found.kind === 'value');
    return left
      ? { verdict: 'failed', reason: `${value.name} of ${left.key} is still there.` }
      : { verdict: 'held', reason: `${value.name} is absent.` };
  },
};
