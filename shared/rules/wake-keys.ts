import { foldName, hasWildcard } from '../facts/glob.ts';
import { findDefinition } from '../facts/vocabulary.ts';
import { canonicalValue } from './canonical-value.ts';
import { endsOf, type RangeCondition, type RangeKind } from './comparable-value.ts';
import type { Condition, LeafCondition } from './compiled-rule.ts';
import { splitPath } from './fact-view.ts';
import type { Interval } from './interval-index.ts';

/**
 * Something a machine must show before a condition can hold: a fact, a fact with a value or in a range, or a file in
 * a folder whose name is that or, with `*` at its end, begins like that.
 */
export type WakeKey =
  | { readonly on: 'fact'; readonly fact: string }
  | { readonly on: 'value'; readonly fact: string; readonly canonical: string }
  | ({ readonly on: 'range'; readonly fact: string; readonly kind: RangeKind } & Omit<Interval, 'position'>)
  | { readonly on: 'file'; readonly folder: string; readonly name: string };

/** So many leading letters of a file pattern are looked at. */
export const prefixLength = 32;

/** Keys of which at least one must be shown for a single condition to hold; undefined when none is certain. */
export function wakeKeysOfLeaf(condition: LeafCondition): readonly WakeKey[] | undefined {
  switch (condition.kind) {
    case 'file': {
      const { folder, last } = splitPath(condition.path);
      const folded = foldName(last);
      return [{ on: 'file', folder, name: hasWildcard(last) ? `${prefixOf(folded)}*` : folded }];
    }
    case 'equals': {
      const { fact, oneOf } = condition;
      const type = findDefinition(fact)?.type;
      if (!type) return undefined;
      const values = new Set(oneOf.flatMap(value => canonicalValue(type, value) ?? []));
      return [...values].map(canonical => ({ on: 'value', fact, canonical }));
    }
    case 'number':
    case 'hex':
    case 'version':
    case 'instant':
      return [rangeKeyOf(condition)];
    case 'glob':
    case 'pattern':
    case 'exists':
      return [{ on: 'fact', fact: condition.fact }];
    default:
      return condition satisfies never;
  }
}

function rangeKeyOf(condition: RangeCondition): WakeKey {
  const { fact, kind } = condition;
  return { on: 'range', fact, kind, ...endsOf(condition) };
}

const prefixOf = (folded: string) => folded.slice(0, Math.min(folded.search(/[*?]/), prefixLength));

/**
 * The ways to wake a rule: each entry is a list of keys of which one must be shown if the condition is to hold. The
 * caller takes the rarest entry. No entry means that nothing certain can be said.
 */
export function wakeChoicesOf(condition: Condition): readonly (readonly WakeKey[])[] {
  if (condition.kind === 'not') return [];
  if (!('conditions' in condition)) {
    const keys = wakeKeysOfLeaf(condition);
    return keys ? [keys] : [];
  }
  const choices = condition.conditions.map(wakeChoicesOf);
  if (condition.kind === 'all') return choices.flat();
  const branches = choices.map(([first]) => first);
  return branches.includes(undefined) ? [] : [branches.flatMap(keys => keys ?? [])];
}
