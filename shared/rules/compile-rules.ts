import type { CompiledRule } from './compiled-rule.ts';
import { DecisionTable } from './decision-table.ts';
import { compareRank, PreparedRule, rankedRule } from './prepared-rule.ts';
import { signsOf } from './rule-signs.ts';
import { WakeCosts } from './wake-costs.ts';
import { WakeIndex } from './wake-index.ts';
import { wakeChoicesOf } from './wake-keys.ts';

/** Rules by what a machine must show before they can match. */
export interface RuleSet {
  /** Best first, so that no match needs sorting. */
  readonly rules: readonly PreparedRule[];
  /** What each comes to on a machine, by its position. */
  readonly decisions: DecisionTable;
  /** Rules of which nothing certain can be said, by their positions. */
  readonly always: readonly number[];
  /**
   * Wakes every other rule that matches, and rules of which a machine shows a telling sign, so that a near miss is seen
   * and an open question is asked.
   */
  readonly signs: WakeIndex;
}

/** Sorts rules by their most telling conditions, so that ten thousand cost little more than ten. */
export function compileRules(rules: readonly CompiledRule[]): RuleSet {
  const ranked = rules.map(rankedRule).sort(compareRank);
  const decisions = new DecisionTable(ranked.map(({ rule }) => rule.when));
  const { scales } = decisions;
  const choices = ranked.map(({ rule }) => wakeChoicesOf(rule.when, scales));
  const costs = new WakeCosts(choices);
  return {
    rules: ranked.map(one => new PreparedRule(one, scales)),
    decisions,
    always: [...choices.keys()].filter(position => choices[position]!.length === 0),
    signs: new WakeIndex(
      choices.flatMap((some, position) => signsOf(position, some, costs)),
      scales,
    ),
  };
}
