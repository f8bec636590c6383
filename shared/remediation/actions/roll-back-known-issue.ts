import { encodeDword, valueTypes } from '../../registry/value-type.ts';
import { findStartSets } from '../offline-registry.ts';
import type { PlannedChange } from '../plan.ts';
import { readFeature } from '../read-value.ts';
import { changeOf, changeOfNewKey } from '../registry-edits.ts';
import { findValues, listMissingKeys, sayFound } from '../registry-value.ts';
import { isSameContent } from '../registry-content.ts';
import { refuse } from '../resolve-files.ts';
import type { RollBackKnownIssueAction } from '../syntax-tree.ts';
import type { ActionDefinition } from './action-definition.ts';

/** Where the policies of known issue rollbacks stand, below the control set. */
const overrides = 'Policies\\Microsoft\\FeatureManagement\\Overrides';
const rolledBack = { kind: 'number', number: 0 } as const;

export const rollBackKnownIssue: ActionDefinition<RollBackKnownIssueAction> = {
  verb: 'roll back known issue',
  form: 'roll back known issue FEATURE',
  example: 'roll back known issue 1234567890',
  class: 'reversible',
  meaning:
    'switches one change of an update off by the policy of its Known Issue Rollback, in the control sets of the next and the last start',
  clauses: [],
  undo: 'the hive returns from quarantine with the logs it had, byte for byte',
  verify: 'the policy says that the change is off',
  traps: [
    'The number is the value name in the ADMX of the rollback that Microsoft publishes for one issue and one version of Windows. Nothing else can tell it: one that means nothing does nothing.',
    'Only changes that are no security fixes can be rolled back. The update stays installed.',
    'A group policy that sets the same value wins at its next refresh. The key is made where no rollback was ever set.',
  ],
  source:
    'Microsoft: use Group Policy to deploy a Known Issue Rollback; the value and 0 for "off" are seen in its ADMX and in its guidance for CVE-2023-32019, which sets 1 there. That it acts at the first start when written offline was not tried.',
  windows: 'Windows 10 2004 and later; in part 1809 and 1909',
  changes: 'registry',
  read(cursor) {
    const feature = readFeature(cursor);
    return feature === undefined ? undefined : { verb: 'roll back known issue', feature };
  },
  print: ({ feature }) => `roll back known issue ${feature}`,
  explain: ({ feature }) =>
    `Switches the change ${feature} of an update off, as Microsoft’s policy for a Known Issue Rollback does.`,
  plan(action, { volume, registry }) {
    const sets = findStartSets(registry);
    if (!sets.ok) return refuse('registry-unknown', sets.reason);
    const found = findValues(registry, valueOf(action));
    if (!found.ok) return refuse('registry-unknown', found.reason);
    return found.places.flatMap(({ key, found: one }): PlannedChange[] => {
      if (one.kind === 'value' && isSameContent(one.content, rolledBack)) return [];
      const type = valueTypes.dword;
      const edit = { kind: 'set-value', key, name: action.feature, type, data: encodeDword(0) } as const;
      const what = `${key} ${action.feature}: ${sayFound(one)} → number 0`;
      const missing = listMissingKeys(registry, 'SYSTEM', key);
      return [
        ...missing.map(one => changeOfNewKey(volume, 'SYSTEM', one)),
        changeOf(volume, 'SYSTEM', edit, what),
      ];
    });
  },
  prove(action, { registry }) {
    const found = findValues(registry, valueOf(action));
    if (!found.ok) return { verdict: 'unknown', reason: found.reason };
    const other = found.places.find(
      ({ found: one }) => one.kind !== 'value' || !isSameContent(one.content, rolledBack),
    );
    return other
      ? { verdict: 'failed', reason: `${action.feature} of ${other.key} is ${sayFound(other.found)}.` }
      : { verdict: 'held', reason: `The change ${action.feature} is off by policy.` };
  },
};

const valueOf = ({ feature, span }: RollBackKnownIssueAction) => ({
  hive: 'SYSTEM' as const,
  key: `CurrentControlSet\\${overrides}`,
  name: feature,
  span,
});
