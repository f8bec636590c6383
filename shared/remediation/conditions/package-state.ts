import { verdictOf } from '../../facts/verdict.ts';
import { readPackageIdentity } from '../read-servicing.ts';
import { findPackages, packageStates, stateOf } from '../servicing-state.ts';
import type { PackageStateCondition } from '../condition-tree.ts';
import type { ConditionDefinition } from './condition-definition.ts';

export const packageState: ConditionDefinition<PackageStateCondition> = {
  kind: 'package-state',
  openings: ['package'],
  form: `package IDENTITY is (${packageStates.join('|')})`,
  example: 'package Package_for_RollupFix~31bf3856ad364e35~amd64~~15063.674.1.8 is install-pending',
  meaning: 'the component store has the package in this state; absent: it has none of this identity',
  evidence: 'SOFTWARE hive with its logs, Component Based Servicing',
  isEvidence: true,
  isChangeable: true,
  read(cursor) {
    const identity = readPackageIdentity(cursor);
    if (identity === undefined || !cursor.expect('is')) return undefined;
    const state = cursor.expectOneOf(packageStates);
    return state && { kind: 'package-state', identity, state };
  },
  print: ({ identity, state }) => `package ${identity} is ${state}`,
  explain: ({ identity, state }) => `the package ${identity} is ${state}`,
  decide({ identity, state }, { registry }) {
    const found = findPackages(registry, name => name.toLowerCase() === identity.toLowerCase());
    if (!found.ok) return { verdict: 'unknown', reason: found.reason };
    const is = stateOf(found.packages);
    return { verdict: verdictOf(is === state), reason: `The package ${identity} is ${is}.` };
  },
};
