import { type Verdict, verdictOfAll, verdictOfAny, verdictOfNot } from '../facts/verdict.ts';
import { findDefinition } from '../facts/vocabulary.ts';
import type { Condition, LeafCondition } from './compiled-rule.ts';
import { decisionOf } from './decide-condition.ts';
import type { Finding, GroupFinding } from './evaluation.ts';
import type { FactView } from './fact-view.ts';
import { fileQuestion, sayAnswer } from './file-question.ts';
import { probeOf } from './probes.ts';
import { sayCondition } from './say-condition.ts';

/** Explains a condition on one machine, decided in three values. A negation is carried down to the single conditions. */
export function evaluateCondition(
  condition: Condition,
  view: FactView,
  isNegated = false,
): Finding | GroupFinding {
  if (condition.kind === 'not') return evaluateCondition(condition.condition, view, !isNegated);
  if (!('conditions' in condition)) return evaluateLeaf(condition, view, isNegated);
  const findings = condition.conditions.map(one => evaluateCondition(one, view, isNegated));
  const kind = (condition.kind === 'all') === isNegated ? 'any' : 'all';
  const verdicts = findings.map(finding => finding.verdict);
  return { kind, verdict: kind === 'all' ? verdictOfAll(verdicts) : verdictOfAny(verdicts), findings };
}

function evaluateLeaf(condition: LeafCondition, view: FactView, isNegated: boolean): Finding {
  const { verdict, value } = answerLeaf(condition, view);
  const probe = verdict === 'unknown' ? probeOf(condition) : undefined;
  const evidence =
    value === undefined
      ? undefined
      : findDefinition(condition.kind === 'file' ? 'file.any' : condition.fact)?.source;
  return {
    kind: 'condition',
    verdict: isNegated ? verdictOfNot(verdict) : verdict,
    sentence: sayCondition(condition, isNegated),
    ...(value !== undefined && { value }),
    ...(evidence !== undefined && { evidence }),
    ...(probe && { probe }),
  };
}

function answerLeaf(
  condition: LeafCondition,
  view: FactView,
): { readonly verdict: Verdict; readonly value?: string | undefined } {
  if (condition.kind === 'file') {
    const answer = fileQuestion(condition)(view);
    return { verdict: answer.verdict, value: sayAnswer(answer) };
  }
  const verdict = decisionOf(condition)(view);
  const value = view.facts[condition.fact];
  return value === undefined || typeof value === 'object' ? { verdict } : { verdict, value: String(value) };
}
