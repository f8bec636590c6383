import { foldName, hasWildcard } from '../facts/glob.ts';
import type { Condition, LeafCondition } from './compiled-rule.ts';
import { splitPath } from './fact-view.ts';
import { maxBeginning } from './name-lists.ts';
import type { Scales, Span } from './scales.ts';

/**
 * Something a machine must show before a condition can hold: a fact's value within a span, or a text or a file in a
 * folder whose folded name is that or, with `*` at its end, begins like that.
 */
export type WakeKey =
  | { readonly on: 'span'; readonly span: Span }
  | { readonly on: 'text'; readonly fact: string; readonly name: string }
  | { readonly on: 'file'; readonly folder: string; readonly name: string };

/** Equal for equal keys; those of one fact or one folder, and spans that begin side by side, have texts side by side. */
export function textOfKey(key: WakeKey): string {
  if (key.on === 'span')
    return `${key.span.scale} ${String(key.span.from).padStart(7, '0')} ${key.span.until}`;
  return key.on === 'file' ? `${key.folder}\\${key.name}` : `${key.fact} ${key.name}`;
}

/** Keys of which at least one must be shown for a single condition to hold. */
function wakeKeysOfLeaf(condition: LeafCondition, scales: Scales): readonly WakeKey[] {
  switch (condition.kind) {
    case 'file': {
      const { folder, last } = splitPath(condition.path);
      return [{ on: 'file', folder, name: nameOfPattern(last) }];
    }
    case 'glob':
      return [{ on: 'text', fact: condition.fact, name: nameOfPattern(condition.pattern) }];
    case 'pattern':
      return [{ on: 'text', fact: condition.fact, name: `${literalStartOf(condition.pattern)}*` }];
    case 'exists':
    case 'equals':
    case 'number':
    case 'hex':
    case 'version':
    case 'instant':
      return (scales.spansOf(condition) ?? []).map(span => ({ on: 'span', span }));
    default:
      return condition satisfies never;
  }
}

/** The letters that every text begins with that a regular expression fits; none when that cannot be told at a glance. */
function literalStartOf(pattern: string): string {
  if (!pattern.startsWith('^') || pattern.includes('|')) return '';
  const [, start = ''] = /^\^((?:[A-Za-z0-9_-]|\\\.)*)/.exec(pattern) ?? [];
  const isLastRepeated = /^[*?{]/.test(pattern.slice(1 + start.length));
  const letters = foldName(start.replaceAll('\\', ''));
  return letters.slice(0, Math.min(isLastRepeated ? letters.length - 1 : letters.length, maxBeginning));
}

function nameOfPattern(pattern: string): string {
  const folded = foldName(pattern);
  return hasWildcard(folded) ? `${folded.slice(0, Math.min(folded.search(/[*?]/), maxBeginning))}*` : folded;
}

/** Keys of which one must be shown if a rule is to match. */
export interface WakeChoice {
  readonly keys: readonly WakeKey[];
  /** The condition that they stand for, by its place among those of the rule that must all hold. */
  readonly part: number;
}

/** The ways to wake a rule: the caller takes the rarest. None means that nothing certain can be said. */
export const wakeChoicesOf = (when: Condition, scales: Scales): readonly WakeChoice[] =>
  (when.kind === 'all' ? when.conditions : [when]).flatMap((condition, part) =>
    choicesOf(condition, scales).map(keys => ({ keys, part })),
  );

/** No keys of a condition are no choice: it asks nothing, so it is unknown whatever a machine shows. */
function choicesOf(condition: Condition, scales: Scales): readonly (readonly WakeKey[])[] {
  if (condition.kind === 'not') return [];
  if (!('conditions' in condition))
    return [wakeKeysOfLeaf(condition, scales)].filter(keys => keys.length > 0);
  const choices = condition.conditions.map(one => choicesOf(one, scales));
  if (condition.kind === 'all') return choices.flat();
  const branches = choices.map(([first]) => first);
  return branches.length === 0 || branches.includes(undefined) ? [] : [branches.flatMap(keys => keys ?? [])];
}
