import { verdictOf, verdictOfNot } from '../../facts/verdict.ts';
import { readDriver } from '../read-value.ts';
import { findFilterEntries } from '../service-settings.ts';
import type { FilterNamesCondition } from '../condition-tree.ts';
import type { ConditionDefinition } from './condition-definition.ts';

export const filterNames: ConditionDefinition<FilterNamesCondition> = {
  kind: 'filter-names',
  openings: ['filter', 'no filter'],
  form: '[no] filter names NAME',
  example: 'filter names cntflt',
  meaning: 'a filter list of a device class or of a device names this driver (or none does)',
  evidence: 'SYSTEM hive with its logs, in the control sets of the next and the last start',
  isEvidence: true,
  isChangeable: true,
  read(cursor, opening) {
    if (!cursor.expect('names')) return undefined;
    const driver = readDriver(cursor);
    return driver === undefined ? undefined : { kind: 'filter-names', no: opening === 'no filter', driver };
  },
  print: ({ no, driver }) => `${no ? 'no ' : ''}filter names ${driver}`,
  explain: ({ no, driver }) => `${no ? 'no' : 'a'} filter list of a device names the driver ${driver}`,
  decide({ no, driver }, { registry }) {
    const found = findFilterEntries(registry, driver);
    if (!found.ok) return { verdict: 'unknown', reason: found.reason };
    const [first] = found.entries;
    const held = verdictOf(first !== undefined);
    return {
      verdict: no ? verdictOfNot(held) : held,
      reason: first
        ? `${first.list} of ${first.className ?? first.key} names ${driver}.`
        : `No filter list names ${driver}.`,
    };
  },
};
