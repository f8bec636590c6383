import { verdictOf } from '../../facts/verdict.ts';
import { readUpdate } from '../read-servicing.ts';
import { findPackages, isOfUpdate, packageStates, stateOf } from '../servicing-state.ts';
import type { UpdateStateCondition } from '../condition-tree.ts';
import type { ConditionDefinition } from './condition-definition.ts';

export const updateState: ConditionDefinition<UpdateStateCondition> = {
  kind: 'update-state',
  openings: ['update'],
  form: `update KB is (${packageStates.join('|')})`,
  example: 'update KB2823324 is installed',
  meaning: 'the component store has the packages of the update in this state; absent: it has none',
  evidence: 'SOFTWARE hive with its logs, Component Based Servicing; else the facts of the machine',
  isEvidence: true,
  isChangeable: true,
  read(cursor) {
    const update = readUpdate(cursor);
    if (update === undefined || !cursor.expect('is')) return undefined;
    const state = cursor.expectOneOf(packageStates);
    return state && { kind: 'update-state', update, state };
  },
  print: ({ update, state }) => `update ${update} is ${state}`,
  explain: ({ update, state }) => `the update ${update} is ${state}`,
  decide({ update, state }, { registry, facts }) {
    const found = findPackages(registry, isOfUpdate(update));
    const told = facts[`update.${update.toLowerCase()}`];
    const is = found.ok ? stateOf(found.packages) : typeof told === 'string' ? told : undefined;
    if (is === undefined) return { verdict: 'unknown', reason: found.ok ? '' : found.reason };
    return { verdict: verdictOf(is === state), reason: `The update ${update} is ${is}.` };
  },
};
