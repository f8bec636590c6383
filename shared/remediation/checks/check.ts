import type { Report } from '../source.ts';
import type { Condition, Script, SingleCondition } from '../syntax-tree.ts';

/** One rule about what a script must not say. It looks at a tree whose every line could be read. */
export type Check = (script: Script, report: Report) => void;

/** The single conditions in a condition, in the order of the lines. */
export const singleConditionsOf = (condition: Condition): readonly SingleCondition[] =>
  'conditions' in condition
    ? condition.conditions.flatMap(line => singleConditionsOf(line.condition))
    : [condition];
