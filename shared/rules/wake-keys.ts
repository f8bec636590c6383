import { foldName, hasWildcard } from '../facts/glob.ts';
import type { Condition, LeafCondition } from './compiled-rule.ts';
import { splitPath } from './fact-view.ts';
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

/** So many leading letters of a file pattern are looked at. */
const prefixLength = 32;

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
      // One that asks nothing never holds.
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
export function wakeChoicesOf(condition: Condition, scales: Scales): readonly (readonly WakeKey[])[] {
  if (condition.kind === 'not') return [];
  if (!('conditions' in condition)) return [wakeKeysOfLeaf(condition, scales)];
  const choices = condition.conditions.map(one => wakeChoicesOf(one, scales));
  if (condition.kind === 'all') return choices.flat();
  const branches = choices.map(([first]) => first);
  return branches.includes(undefined) ? [] : [branches.flatMap(keys => keys ?? [])];
}
