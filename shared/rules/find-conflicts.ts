import { areDisjoint, implies } from './compare-conditions.ts';
import type { CompiledRule } from './compiled-rule.ts';
import { countAsked } from './evaluate-rule.ts';
import { compareRank } from './prepared-rule.ts';

/** A rule with what it does; equal remediations are equal texts. */
export interface AuthoredRule {
  readonly rule: CompiledRule;
  readonly remediation: string;
}

/** Two rules of one rank that can match one machine and would do different things: only the order of ids decides. */
export interface Conflict {
  readonly ids: readonly [first: string, second: string];
  /** Every machine of one is one of the other; otherwise they may meet. */
  readonly isCertain: boolean;
}

export interface Conflicts {
  readonly conflicts: readonly Conflict[];
  /** Whether all pairs were looked at and all conflicts are listed. */
  readonly isComplete: boolean;
}

const maxPairs = 500_000;
const maxConflicts = 1000;

/**
 * Pairs of rules that can match the same facts, have equal priority, number of conditions and confidence, and differ
 * in what they do. No such pair is missed while `isComplete`; a pair that can never meet may be listed where that
 * cannot be proven from the conditions.
 */
export function findConflicts(rules: readonly AuthoredRule[]): Conflicts {
  const conflicts: Conflict[] = [];
  let pairs = 0;
  for (const group of groupsByRank(rules)) {
    for (const [index, a] of group.entries()) {
      for (let next = index + 1; next < group.length; next++) {
        const b = group[next]!;
        if (pairs++ >= maxPairs || conflicts.length >= maxConflicts)
          return { conflicts: certainFirst(conflicts), isComplete: false };
        if (a.remediation === b.remediation || areDisjoint(a.rule.when, b.rule.when)) continue;
        const isCertain = implies(a.rule.when, b.rule.when) || implies(b.rule.when, a.rule.when);
        conflicts.push({ ids: [a.rule.id, b.rule.id], isCertain });
      }
    }
  }
  return { conflicts: certainFirst(conflicts), isComplete: true };
}

const certainFirst = (conflicts: readonly Conflict[]) =>
  conflicts.toSorted((a, b) => Number(b.isCertain) - Number(a.isCertain));

function groupsByRank(rules: readonly AuthoredRule[]): Iterable<readonly AuthoredRule[]> {
  return Map.groupBy(
    rules.toSorted((a, b) => (a.rule.id < b.rule.id ? -1 : 1)),
    ({ rule }) => `${rule.priority} ${countAsked(rule.when)} ${rule.confidence}`,
  ).values();
}

/**
 * The best of some rules that goes before this one on every machine that this one matches, so that this one never
 * decides anything.
 */
export function findShadowing(rule: CompiledRule, others: readonly CompiledRule[]): CompiledRule | undefined {
  const ranked = (one: CompiledRule) => ({ rule: one, asked: countAsked(one.when) });
  const own = ranked(rule);
  return others
    .filter(other => other.id !== rule.id && compareRank(ranked(other), own) < 0)
    .filter(other => implies(rule.when, other.when))
    .toSorted((a, b) => compareRank(ranked(a), ranked(b)))[0];
}
