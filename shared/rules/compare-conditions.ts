import { foldName, hasWildcard, matchesFoldedGlob } from '../facts/glob.ts';
import type { Range } from '../facts/range.ts';
import type { Verdict } from '../facts/verdict.ts';
import { findDefinition } from '../facts/vocabulary.ts';
import { canonicalValue } from './canonical-value.ts';
import {
  type Comparable,
  comparableOf,
  compareComparable,
  endsOf,
  type RangeCondition,
} from './comparable-value.ts';
import type { Condition, FileCondition, LeafCondition } from './compiled-rule.ts';
import { decisionOf } from './decision-table.ts';
import { splitPath, viewFacts } from './fact-view.ts';

type ScalarCondition = Exclude<LeafCondition, FileCondition>;
type Ends = Range<Comparable>;
type Tree =
  | { readonly kind: 'all'; readonly parts: readonly Tree[] }
  | { readonly kind: 'any'; readonly parts: readonly Tree[] }
  | { readonly kind: 'leaf'; readonly leaf: LeafCondition; readonly isNegated: boolean };
type Leaf = Tree & { kind: 'leaf' };

/**
 * Whether every machine on which `a` holds is one on which `b` holds. True is proven from the conditions alone; false
 * may mean that the proof was not found.
 */
export const implies = (a: Condition, b: Condition): boolean => treeImplies(treeOf(a), treeOf(b));

/** Whether no machine can fit both. True is proven; false may mean that the proof was not found. */
export const areDisjoint = (a: Condition, b: Condition): boolean => treesDisjoint(treeOf(a), treeOf(b));

function treeOf(condition: Condition, isNegated = false): Tree {
  if (condition.kind === 'not') return treeOf(condition.condition, !isNegated);
  if (!('conditions' in condition)) return { kind: 'leaf', leaf: condition, isNegated };
  const kind = (condition.kind === 'all') === isNegated ? 'any' : 'all';
  return { kind, parts: condition.conditions.map(one => treeOf(one, isNegated)) };
}

function treeImplies(a: Tree, b: Tree): boolean {
  if (b.kind === 'all') return b.parts.length > 0 && b.parts.every(part => treeImplies(a, part));
  if (a.kind === 'any') return a.parts.length > 0 && a.parts.every(part => treeImplies(part, b));
  if (b.kind === 'any' && b.parts.some(part => treeImplies(a, part))) return true;
  if (a.kind === 'all') return a.parts.some(part => treeImplies(part, b));
  return b.kind === 'leaf' && leafImplies(a, b);
}

function treesDisjoint(a: Tree, b: Tree): boolean {
  if (a.kind === 'any') return a.parts.every(part => treesDisjoint(part, b));
  if (b.kind === 'any') return b.parts.every(part => treesDisjoint(a, part));
  if (a.kind === 'all') return a.parts.some(part => treesDisjoint(part, b));
  if (b.kind === 'all') return b.parts.some(part => treesDisjoint(a, part));
  if (a.isNegated && b.isNegated) return false;
  if (a.isNegated) return conditionImplies(b.leaf, a.leaf);
  return b.isNegated ? conditionImplies(a.leaf, b.leaf) : valuesDisjoint(a.leaf, b.leaf);
}

function leafImplies(a: Leaf, b: Leaf): boolean {
  if (!a.isNegated) return b.isNegated ? valuesDisjoint(a.leaf, b.leaf) : conditionImplies(a.leaf, b.leaf);
  // Whatever is known to fail was reported.
  if (!b.isNegated) return b.leaf.kind === 'exists' && a.leaf.kind !== 'file' && a.leaf.fact === b.leaf.fact;
  // A search that covers one pattern covers no other, so absence follows only for the same files.
  if (a.leaf.kind === 'file' && b.leaf.kind === 'file' && foldName(a.leaf.path) !== foldName(b.leaf.path))
    return false;
  return conditionImplies(b.leaf, a.leaf);
}

function conditionImplies(a: LeafCondition, b: LeafCondition): boolean {
  if (a.kind === 'file' || b.kind === 'file')
    return a.kind === 'file' && b.kind === 'file' && fileImplies(a, b);
  if (a.fact !== b.fact) return false;
  if (b.kind === 'exists') return true;
  const values = valuesOf(a);
  if (values) return values.length > 0 && values.every(value => decideValue(b, value) === 'held');
  if (isRange(a)) return isRange(b) && a.kind === b.kind && isInside(endsOf(a), endsOf(b));
  if (a.kind === 'glob') return b.kind === 'glob' && foldName(a.pattern) === foldName(b.pattern);
  return a.kind === 'pattern' && b.kind === 'pattern' && a.pattern === b.pattern;
}

function valuesDisjoint(a: LeafCondition, b: LeafCondition): boolean {
  if (a.kind === 'file' || b.kind === 'file' || a.fact !== b.fact) return false;
  const [left, right] = [valuesOf(a), valuesOf(b)];
  if (left) return left.every(value => decideValue(b, value) === 'failed');
  if (right) return right.every(value => decideValue(a, value) === 'failed');
  if (!isRange(a) || !isRange(b) || a.kind !== b.kind) return false;
  const [one, other] = [endsOf(a), endsOf(b)];
  return endsBefore(one, other) || endsBefore(other, one);
}

/** The only values that a condition lets pass; undefined when they cannot be listed. */
function valuesOf(condition: ScalarCondition): readonly (string | number | boolean)[] | undefined {
  if (condition.kind === 'glob' && !hasWildcard(condition.pattern)) return [condition.pattern];
  if (condition.kind !== 'equals') return undefined;
  const type = findDefinition(condition.fact)?.type;
  return type && condition.oneOf.filter(value => canonicalValue(type, value) !== undefined);
}

const decideValue = (condition: ScalarCondition, value: string | number | boolean): Verdict =>
  decisionOf(condition)(viewFacts({ [condition.fact]: value }));

const isRange = (condition: ScalarCondition): condition is RangeCondition => 'range' in condition;

const isUpTo = (a: Comparable | undefined, b: Comparable | undefined) =>
  a !== undefined && b !== undefined && compareComparable(a, b) <= 0;

const endsBefore = (a: Ends, b: Ends) => isUpTo(a.until, b.from);

/** A range without ends asks nothing and so implies nothing and is implied by nothing. */
function isInside(inner: Ends, outer: Ends): boolean {
  if (outer.from === undefined && outer.until === undefined) return false;
  const begins = outer.from === undefined || isUpTo(outer.from, inner.from);
  return begins && (outer.until === undefined || isUpTo(inner.until, outer.until));
}

function fileImplies(a: FileCondition, b: FileCondition): boolean {
  const [here, there] = [splitPath(a.path), splitPath(b.path)];
  const [name, wanted] = [foldName(here.last), foldName(there.last)];
  const isNamed = name === wanted || (!hasWildcard(name) && matchesFoldedGlob(wanted, name));
  if (here.folder !== there.folder || !isNamed) return false;
  if (b.written && !(a.written && isInside(instantsOf(a.written), instantsOf(b.written)))) return false;
  if (b.sizeBytes && !(a.sizeBytes && isInside(sizesOf(a.sizeBytes), sizesOf(b.sizeBytes)))) return false;
  return !b.sha256 || (a.sha256?.every(hash => b.sha256!.includes(hash)) ?? false);
}

const instantsOf = ({ from, until }: NonNullable<FileCondition['written']>): Ends => ({
  from: comparableOf('instant', from),
  until: comparableOf('instant', until),
});
const sizesOf = ({ from, until }: NonNullable<FileCondition['sizeBytes']>): Ends => ({
  from: comparableOf('number', from),
  until: comparableOf('number', until),
});
