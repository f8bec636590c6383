import type { CompiledRule } from './compiled-rule.ts';
import { SharedDecisions } from './decide-condition.ts';
import { compareRank, PreparedRule } from './prepared-rule.ts';
import type { WakeCosts } from './wake-costs.ts';
import { costsOf, type WakeEntry, WakeIndex } from './wake-index.ts';
import { type WakeKey, wakeChoicesOf } from './wake-keys.ts';

/** Rules by what a machine must show before they can match. */
export interface RuleSet {
  /** Best first, so that no match needs sorting. */
  readonly rules: readonly PreparedRule[];
  /** Wakes every rule that matches, and few others. */
  readonly mayMatch: WakeIndex;
  /** Wakes rules of which a machine shows a telling sign, so that a near miss is seen and an open question is asked. */
  readonly signs: WakeIndex;
}

/** A sign that more rules share tells little, unless a rule has none that is rarer. */
const rare = 16;

/** Sorts rules by their most telling conditions, so that ten thousand cost little more than ten. */
export function compileRules(rules: readonly CompiledRule[]): RuleSet {
  const shared = new SharedDecisions();
  const prepared = rules.map(rule => new PreparedRule(rule, shared)).sort(compareRank);
  const entries = prepared.map(({ rule }, position): WakeEntry => ({
    position,
    choices: wakeChoicesOf(rule.when),
  }));
  const costs = costsOf(entries);
  const mayMatch = new WakeIndex(entries, costs);
  return { rules: prepared, mayMatch, signs: new WakeIndex(signsOf(entries, costs)) };
}

/** Each telling sign of a rule by itself: its rarest, and all others that are rare. */
function signsOf(entries: readonly WakeEntry[], costs: WakeCosts): readonly WakeEntry[] {
  return entries.flatMap(({ position, choices }) => {
    const byCost = choices.map((keys): Sign => [keys, costs.of(keys)]).sort(([, a], [, b]) => a - b);
    return byCost
      .filter(([, cost], index) => index === 0 || cost <= rare)
      .map(([keys]): WakeEntry => ({ position, choices: [keys] }));
  });
}

type Sign = readonly [keys: readonly WakeKey[], cost: number];
