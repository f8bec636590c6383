import type { Report } from '../source.ts';
import type { Condition, SingleCondition } from '../condition-tree.ts';
import type { Script } from '../syntax-tree.ts';

/** One rule about what a script must not say. It looks at a tree whose every line could be read. */
export type Check = (script: Script, report: Report) => void;

/** The single conditions in lines that ask for some, with those in their bodies, in the order of the text. */
export function singleConditionsOf(
  lines: readonly { readonly condition: Condition }[],
  found: SingleCondition[] = [],
): readonly SingleCondition[] {
  for (const { condition } of lines) {
    if ('conditions' in condition) singleConditionsOf(condition.conditions, found);
    else found.push(condition);
  }
  return found;
}
