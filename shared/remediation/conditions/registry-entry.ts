import { verdictOf } from '../../facts/verdict.ts';
import { printRegistryValue, readEntry, readRegistryValue } from '../read-registry.ts';
import { findEntryPlaces } from '../registry-value.ts';
import type { RegistryEntryCondition } from '../condition-tree.ts';
import type { ConditionDefinition } from './condition-definition.ts';

export const registryEntry: ConditionDefinition<RegistryEntryCondition> = {
  kind: 'registry-entry',
  openings: ['registry'],
  relation: 'has',
  relationAt: 3,
  form: 'registry KEY value NAME has [no] entry "…"',
  example: String.raw`registry HKLM\SOFTWARE\Contoso\Agent value Plugins has entry "scan"`,
  meaning: 'the list of texts has this one among others (or has it not, also when there is no list)',
  evidence: 'SYSTEM or SOFTWARE hive with its logs',
  isEvidence: true,
  isChangeable: true,
  read(cursor) {
    const value = readRegistryValue(cursor);
    if (!value || !cursor.expect('has')) return undefined;
    const no = cursor.take('no');
    const entry = cursor.expect('entry') ? readEntry(cursor) : undefined;
    return entry === undefined ? undefined : { kind: 'registry-entry', value, no, entry };
  },
  print: ({ value, no, entry }) =>
    `registry ${printRegistryValue(value)} has ${no ? 'no ' : ''}entry "${entry}"`,
  explain: ({ value, no, entry }) =>
    `the registry value ${value.name || '(default)'} of HKLM\\${value.hive}\\${value.key} has ${no ? 'no' : 'the'} entry "${entry}"`,
  decide({ value, no, entry }, { registry }) {
    const found = findEntryPlaces(registry, value, entry);
    if (!found.ok) return { verdict: 'unknown', reason: found.reason };
    const { places } = found;
    const shown = places.find(place => place.isListed === no) ?? places[0]!;
    return {
      verdict: verdictOf(places.every(place => place.isListed !== no)),
      reason: `The value ${value.name || '(default)'} of ${shown.key} ${shown.isListed ? 'has' : 'does not have'} the entry "${entry}".`,
    };
  },
};
