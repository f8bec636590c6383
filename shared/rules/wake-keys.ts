import { hasWildcard, foldName } from '../facts/glob.ts';
import { findDefinition } from '../facts/vocabulary.ts';
import { canonicalValue } from './canonical-value.ts';
import type { Condition, LeafCondition } from './compiled-rule.ts';
import { type FactView, splitPath } from './fact-view.ts';

/**
 * Something a machine must show before a condition can hold: a fact, a fact with a value, or a file in a folder whose
 * name starts like that.
 */
export interface WakeKey {
  /** Folder of a file, or empty. */
  readonly folder: string;
  readonly key: string;
}

/** So many leading letters of a file pattern are looked at. */
const prefixLength = 6;

const keyOf = (fact: string) => `? ${fact}`;
const keyOfValue = (fact: string, canonical: string) => `= ${fact} ${canonical}`;

/** Keys of which at least one must be shown for a single condition to hold; undefined when none is certain. */
export function wakeKeysOfLeaf(condition: LeafCondition): readonly WakeKey[] | undefined {
  if (condition.kind === 'file') {
    const { folder, last } = splitPath(condition.path);
    const folded = foldName(last);
    return [{ folder, key: hasWildcard(last) ? `${prefixOf(folded)}*` : folded }];
  }
  if (condition.kind !== 'equals') return [{ folder: '', key: keyOf(condition.fact) }];
  const type = findDefinition(condition.fact)?.type;
  if (!type) return undefined;
  return condition.oneOf.flatMap(value => {
    const canonical = canonicalValue(type, value);
    return canonical === undefined ? [] : { folder: '', key: keyOfValue(condition.fact, canonical) };
  });
}

const prefixOf = (folded: string) => folded.slice(0, Math.min(folded.search(/[*?]/), prefixLength));

/** Calls back with every key that a machine shows. Folders nobody asks about are skipped. */
export function forEachShownKey(
  view: FactView,
  isAsked: (folder: string) => boolean,
  callback: (folder: string, key: string) => void,
): void {
  for (const [fact, value] of Object.entries(view.facts)) {
    callback('', keyOf(fact));
    if (typeof value === 'object') continue;
    const type = findDefinition(fact)?.type;
    const canonical = type && canonicalValue(type, value);
    if (canonical !== undefined) callback('', keyOfValue(fact, canonical));
  }
  for (const [folder, files] of view.filesByFolder) {
    if (!isAsked(folder)) continue;
    for (const file of files) {
      const name = foldName(file.name);
      callback(folder, name);
      for (let length = 0; length <= Math.min(prefixLength, name.length); length++)
        callback(folder, `${name.slice(0, length)}*`);
    }
  }
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
