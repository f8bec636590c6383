import type { CompiledRule } from './compiled-rule.ts';
import { DecisionTable, scalesOf } from './decision-table.ts';
import { compareRank, PreparedRule, rankedRule } from './prepared-rule.ts';
import { signsOf } from './rule-signs.ts';
import { WakeCosts } from './wake-costs.ts';
import { type KeyedSign, WakeIndex } from './wake-index.ts';
import { textOfKey, wakeChoicesOf } from './wake-keys.ts';

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
  const conditions = ranked.map(({ rule }) => rule.when);
  const scales = scalesOf(conditions);
  const choices = conditions.map(when => wakeChoicesOf(when, scales));
  const costs = new WakeCosts(choices);
  const signs = choices.map((some, position) => signsOf(position, some, costs));
  const order = neighbours(signs);
  return {
    rules: ranked.map(one => new PreparedRule(one, scales)),
    decisions: new DecisionTable(conditions, scales, order),
    always: [...choices.keys()].filter(position => choices[position]!.length === 0),
    signs: new WakeIndex(
      order.flatMap(position => signs[position]!),
      scales,
    ),
  };
}

/**
 * Positions in the order in which what belongs to them lies in memory: rules that one machine wakes lie side by side,
 * since in a large catalogue a decision costs the memory that it touches for the first time.
 */
function neighbours(signs: readonly (readonly KeyedSign[])[]): readonly number[] {
  const first = signs.map(([sign]) => (sign?.keys[0] ? textOfKey(sign.keys[0]) : ''));
  return [...signs.keys()].sort((a, b) => (first[a]! < first[b]! ? -1 : first[a] === first[b] ? a - b : 1));
}
