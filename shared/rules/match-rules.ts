import type { Facts } from '../facts/facts.ts';
import type { Probe } from '../wire/answer.ts';
import type { RuleSet } from './compile-rules.ts';
import { type CompiledRule, confidences } from './compiled-rule.ts';
import { evaluateOn } from './evaluate-rule.ts';
import type { Evaluation } from './evaluation.ts';
import { type FactView, viewFacts } from './fact-view.ts';
import { distinctProbes } from './probes.ts';
import { forEachShownKey } from './wake-keys.ts';

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
 * rules woken by a fact or file are evaluated.
 */
export function matchRules(ruleSet: RuleSet, facts: Facts): MatchResult {
  const view = viewFacts(facts);
  const all = wokenRules(ruleSet, view)
    .map(rule => ({ rule, evaluation: evaluateOn(rule, view) }))
    .toSorted(compareMatches);
  const unknown = all.filter(match => match.evaluation.verdict === 'unknown').slice(0, mostShown);
  return {
    matches: all.filter(match => match.evaluation.verdict === 'matched'),
    nearMisses: all.filter(match => isNearMiss(match.evaluation)).slice(0, mostShown),
    unknown,
    probes: distinctProbes(unknown.flatMap(match => match.evaluation.probes)),
  };
}

/** The rules that something on the machine points at, in the order of the set. */
export function wokenRules({ rules, byKey, always }: RuleSet, view: FactView): readonly CompiledRule[] {
  const woken = new Set(always);
  forEachShownKey(
    view,
    folder => byKey.has(folder),
    (folder, key) => {
      for (const index of byKey.get(folder)?.get(key) ?? []) woken.add(index);
    },
  );
  return [...woken].sort((a, b) => a - b).map(index => rules[index]!);
}

/** All conditions but one hold, and the last is known not to. */
function isNearMiss({ verdict, finding }: Evaluation): boolean {
  if (verdict !== 'failed' || finding.kind !== 'all' || finding.findings.length < 2) return false;
  return finding.findings.filter(one => one.verdict !== 'held').length === 1;
}

/** Priority first, then how much was asked, then how sure the authors are; the id settles the rest. */
export function compareMatches(a: Match, b: Match): number {
  return (
    b.rule.priority - a.rule.priority ||
    b.evaluation.asked - a.evaluation.asked ||
    confidences.indexOf(b.rule.confidence) - confidences.indexOf(a.rule.confidence) ||
    (a.rule.id < b.rule.id ? -1 : 1)
  );
}
