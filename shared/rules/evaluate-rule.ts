import type { Facts } from '../facts/facts.ts';
import type { Probe } from '../wire/answer.ts';
import type { CompiledRule, Condition } from './compiled-rule.ts';
import { type Explain, explanationOf } from './evaluate-condition.ts';
import type { Evaluation, Finding, GroupFinding } from './evaluation.ts';
import { type FactView, viewFacts } from './fact-view.ts';
import { distinctProbes } from './probes.ts';

/** What a rule comes to on the facts of one machine, with a reason for each condition. */
export const evaluateRule = (rule: CompiledRule, facts: Facts): Evaluation =>
  evaluate(explanationOf(rule.when), countAsked(rule.when), viewFacts(facts));

/** The same for a condition that is ready, on facts that are sorted already. */
export function evaluate(explain: Explain, asked: number, view: FactView): Evaluation {
  const finding = explain(view);
  if (finding.verdict !== 'unknown')
    return { verdict: finding.verdict === 'held' ? 'matched' : 'failed', finding, asked, probes: [] };
  return { verdict: 'unknown', finding, asked, probes: distinctProbes(probesIn(finding)) };
}

/** A question within a group that is settled already would settle nothing. */
function probesIn(finding: Finding | GroupFinding): readonly Probe[] {
  if (finding.verdict !== 'unknown') return [];
  if (finding.kind !== 'condition') return finding.findings.flatMap(probesIn);
  return finding.probe ? [finding.probe] : [];
}

/** How many single conditions are asked. */
export function countAsked(condition: Condition): number {
  if (condition.kind === 'not') return countAsked(condition.condition);
  if (!('conditions' in condition)) return 1;
  return condition.conditions.reduce((sum, one) => sum + countAsked(one), 0);
}
