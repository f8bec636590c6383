import { foldName, hasWildcard } from '../facts/glob.ts';
import { findDefinition } from '../facts/vocabulary.ts';
import { canonicalValue } from './canonical-value.ts';
import { endsOf, type RangeCondition, type RangeKind } from './comparable-value.ts';
import type { Condition, LeafCondition } from './compiled-rule.ts';
import { splitPath } from './fact-view.ts';
import type { Interval } from './interval-index.ts';

/**
 * Something a machine must show before a condition can hold: a fact, a fact with a value or in a range, or a text or a
 * file in a folder whose folded name is that or, with `*` at its end, begins like that.
 */
export type WakeKey =
  | { readonly on: 'fact'; readonly fact: string }
  | { readonly on: 'value'; readonly fact: string; readonly name: string }
  | { readonly on: 'text'; readonly fact: string; readonly name: string }
  | { readonly on: 'file'; readonly folder: string; readonly name: string }
  | RangeKey;

interface RangeKey extends Omit<Interval, 'position'> {
  readonly on: 'range';
  readonly fact: string;
  readonly kind: RangeKind;
}

/** A key that a second one can be looked at behind: many rules can share it. */
export type DoorKey = Exclude<WakeKey, RangeKey>;
export const isDoorKey = (key: WakeKey): key is DoorKey => key.on !== 'range';

/** So many leading letters of a file pattern are looked at. */
const prefixLength = 32;

/** Keys of which at least one must be shown for a single condition to hold; undefined when none is certain. */
export function wakeKeysOfLeaf(condition: LeafCondition): readonly WakeKey[] | undefined {
  switch (condition.kind) {
    case 'file': {
      const { folder, last } = splitPath(condition.path);
      return [{ on: 'file', folder, name: nameOfPattern(last) }];
    }
    case 'equals': {
      const { fact, oneOf } = condition;
      const type = findDefinition(fact)?.type;
      if (!type) return undefined;
      const values = new Set(oneOf.flatMap(value => canonicalValue(type, value) ?? []));
      return [...values].map(canonical => ({ on: 'value', fact, name: canonical }));
    }
    case 'number':
    case 'hex':
    case 'version':
    case 'instant':
      return [rangeKeyOf(condition)];
    case 'glob':
      return [{ on: 'text', fact: condition.fact, name: nameOfPattern(condition.pattern) }];
    case 'pattern':
      return [{ on: 'text', fact: condition.fact, name: `${literalStartOf(condition.pattern)}*` }];
    case 'exists':
      return [{ on: 'fact', fact: condition.fact }];
    default:
      return condition satisfies never;
  }
}

/** A range of one whole number is a value. */
function rangeKeyOf(condition: RangeCondition): WakeKey {
  const { fact, kind } = condition;
  const { from, until } = endsOf(condition);
  if (typeof from === 'number' && until === from + 1 && findDefinition(fact)?.type === 'number')
    return { on: 'value', fact, name: String(from) };
  return { on: 'range', fact, kind, from, until };
}

/** The letters that every text begins with that a regular expression fits; none when that cannot be told at a glance. */
function literalStartOf(pattern: string): string {
  if (!pattern.startsWith('^') || pattern.includes('|')) return '';
  const [, start = ''] = /^\^((?:[A-Za-z0-9_-]|\\\.)*)/.exec(pattern) ?? [];
  const isLastRepeated = /^[*?{]/.test(pattern.slice(1 + start.length));
  const letters = foldName(start.replaceAll('\\', ''));
  return letters.slice(0, Math.min(isLastRepeated ? letters.length - 1 : letters.length, prefixLength));
}

function nameOfPattern(pattern: string): string {
  const folded = foldName(pattern);
  return hasWildcard(folded) ? `${folded.slice(0, Math.min(folded.search(/[*?]/), prefixLength))}*` : folded;
}

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
