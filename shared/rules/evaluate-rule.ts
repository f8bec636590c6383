import type { Facts } from '../facts/facts.ts';
import type { CompiledRule } from './compiled-rule.ts';
import { type Explain, explanationOf } from './evaluate-condition.ts';
import { type Evaluation, listFindings } from './evaluation.ts';
import { type FactView, viewFacts } from './fact-view.ts';
import { distinctProbes } from './probes.ts';

/** What a rule comes to on the facts of one machine, with a reason for each condition. */
export const evaluateRule = (rule: CompiledRule, facts: Facts): Evaluation =>
  evaluate(explanationOf(rule.when), viewFacts(facts));

/** The same for a condition that is ready, on facts that are sorted already. */
export function evaluate(explain: Explain, view: FactView): Evaluation {
  const finding = explain(view);
  const singles = listFindings(finding);
  const asked = singles.length;
  if (finding.verdict !== 'unknown')
    return { verdict: finding.verdict === 'held' ? 'matched' : 'failed', finding, asked, probes: [] };
  return {
    verdict: 'unknown',
    finding,
    asked,
    probes: distinctProbes(singles.flatMap(one => one.probe ?? [])),
  };
}
