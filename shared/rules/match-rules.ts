import type { Facts } from '../facts/facts.ts';
import type { Probe } from '../wire/answer.ts';
import type { RuleSet } from './compile-rules.ts';
import type { CompiledRule } from './compiled-rule.ts';
import { evaluateOn } from './evaluate-rule.ts';
import type { Evaluation } from './evaluation.ts';
import { type FactView, viewFacts } from './fact-view.ts';
import { decideRule, type PreparedRule } from './prepared-rule.ts';
import { distinctProbes } from './probes.ts';

/** A rule on one machine. */
export interface Match {
  readonly rule: CompiledRule;
  readonly evaluation: Evaluation;
}

/** Which known issues a machine shows; each list is best first. */
export interface MatchResult {
  readonly matches: readonly Match[];
  /** Failed by one single condition. */
  readonly nearMisses: readonly Match[];
  /** Not decided yet. */
  readonly unknown: readonly Match[];
  /** Questions that could decide them. */
  readonly probes: readonly Probe[];
}

const mostShown = 16;

/**
 * Matches a machine against all rules. A rule without any sign of it on the machine is neither near nor unknown: only
 * rules woken by a fact or file are decided, and only those that are returned are explained.
 */
export function matchRules(ruleSet: RuleSet, facts: Facts): MatchResult {
  const view = viewFacts(facts);
  const matched: PreparedRule[] = [];
  const near: PreparedRule[] = [];
  const open: PreparedRule[] = [];
  for (const one of wokenRules(ruleSet, view)) {
    const outcome = decideRule(one, view);
    if (outcome === 'matched') matched.push(one);
    else if (outcome === 'near' && near.length < mostShown) near.push(one);
    else if (outcome === 'unknown' && open.length < mostShown) open.push(one);
  }
  const explain = ({ rule }: PreparedRule): Match => ({ rule, evaluation: evaluateOn(rule, view) });
  const unknown = open.map(explain);
  return {
    matches: matched.map(explain),
    nearMisses: near.map(explain),
    unknown,
    probes: distinctProbes(unknown.flatMap(match => match.evaluation.probes)),
  };
}

/** The rules that something on the machine points at, best first, each once. */
export function wokenRules({ rules, index, always }: RuleSet, view: FactView): readonly PreparedRule[] {
  const positions = [...always];
  index.addWoken(view, positions);
  const woken: PreparedRule[] = [];
  let last = -1;
  for (const position of Uint32Array.from(positions).sort()) {
    if (position !== last) woken.push(rules[position]!);
    last = position;
  }
  return woken;
}
