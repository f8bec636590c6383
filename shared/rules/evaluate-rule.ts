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
  if (finding.verdict !== 'unknown')
    return { verdict: finding.verdict === 'held' ? 'matched' : 'failed', finding, probes: [] };
  const probes = listFindings(finding).flatMap(one => one.probe ?? []);
  return { verdict: 'unknown', finding, probes: distinctProbes(probes) };
}
