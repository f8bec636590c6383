import type { Report } from '../source.ts';
import type { Condition, SingleCondition } from '../condition-tree.ts';
import type { Script } from '../syntax-tree.ts';

/** One rule about what a script must not say. It looks at a tree whose every line could be read. */
export type Check = (script: Script, report: Report) => void;

/** The first single condition that is wanted, in the order of the text, also in bodies. */
export function findCondition(
  lines: readonly { readonly condition: Condition }[],
  isWanted: (condition: SingleCondition) => boolean,
): SingleCondition | undefined {
  for (const { condition } of lines) {
    if ('conditions' in condition) {
      const found = findCondition(condition.conditions, isWanted);
      if (found) return found;
    } else if (isWanted(condition)) return condition;
  }
  return undefined;
}

/** All single conditions in lines that ask for some, in the order of the text, also those in bodies. */
export function singleConditionsOf(
  lines: readonly { readonly condition: Condition }[],
): readonly SingleCondition[] {
  const all: SingleCondition[] = [];
  findCondition(lines, condition => all.push(condition) < 0);
  return all;
}
