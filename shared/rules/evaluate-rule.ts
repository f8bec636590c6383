import type { Facts } from '../facts/facts.ts';
import type { CompiledRule } from './compiled-rule.ts';
import { evaluateCondition } from './evaluate-condition.ts';
import { type Evaluation, listFindings } from './evaluation.ts';
import { type FactView, viewFacts } from './fact-view.ts';
import { distinctProbes } from './probes.ts';

/** What a rule comes to on the facts of one machine, with a reason for each condition. */
export const evaluateRule = (rule: CompiledRule, facts: Facts): Evaluation =>
  evaluateOn(rule, viewFacts(facts));

/** The same on facts that are sorted already. */
export function evaluateOn(rule: CompiledRule, view: FactView): Evaluation {
  const finding = evaluateCondition(rule.when, view);
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
