import { type Verdict, verdictOfAll, verdictOfAny, verdictOfNot } from '../facts/verdict.ts';
import { findDefinition } from '../facts/vocabulary.ts';
import type { Condition, LeafCondition } from './compiled-rule.ts';
import { leafDecisionOf, scalesOf } from './decision-table.ts';
import type { Finding, GroupFinding } from './evaluation.ts';
import type { FactView } from './fact-view.ts';
import { fileQuestion, sayAnswer } from './file-question.ts';
import { probeOf } from './probes.ts';
import { sayCondition } from './say-condition.ts';
import type { Scales } from './scales.ts';

/** A condition made ready to be explained on many machines: decided in three values, each with its reason. */
export type Explain = (view: FactView) => Finding | GroupFinding;

/** Makes a condition ready to be explained. A negation is carried down to the single conditions. */
export function explanationOf(
  condition: Condition,
  scales = scalesOf([condition]),
  isNegated = false,
): Explain {
  if (condition.kind === 'not') return explanationOf(condition.condition, scales, !isNegated);
  if (!('conditions' in condition)) return leafExplanationOf(condition, scales, isNegated);
  const parts = condition.conditions.map(one => explanationOf(one, scales, isNegated));
  const kind = (condition.kind === 'all') === isNegated ? 'any' : 'all';
  const join = kind === 'all' ? verdictOfAll : verdictOfAny;
  return view => {
    const findings = parts.map(explain => explain(view));
    return { kind, verdict: join(findings.map(finding => finding.verdict)), findings };
  };
}

function leafExplanationOf(condition: LeafCondition, scales: Scales, isNegated: boolean): Explain {
  const answer = answerOf(condition, scales);
  const sentence = sayCondition(condition, isNegated);
  const source = findDefinition(condition.kind === 'file' ? 'file.any' : condition.fact)?.source;
  const question = probeOf(condition);
  return view => {
    const { verdict, value } = answer(view);
    const finding: Writable<Finding> = {
      kind: 'condition',
      verdict: isNegated ? verdictOfNot(verdict) : verdict,
      sentence,
    };
    if (value !== undefined) {
      finding.value = value;
      if (source !== undefined) finding.evidence = source;
    }
    if (verdict === 'unknown' && question) finding.probe = question;
    return finding;
  };
}

type Writable<Value> = { -readonly [Key in keyof Value]: Value[Key] };

type Answer = (view: FactView) => { readonly verdict: Verdict; readonly value?: string | undefined };

function answerOf(condition: LeafCondition, scales: Scales): Answer {
  if (condition.kind === 'file') {
    const ask = fileQuestion(condition);
    return view => {
      const answer = ask(view);
      return { verdict: answer.verdict, value: sayAnswer(answer) };
    };
  }
  const decide = leafDecisionOf(condition, scales);
  return view => {
    const verdict = decide(view);
    const value = view.valueOf(condition.fact);
    return value === undefined || typeof value === 'object' ? { verdict } : { verdict, value: String(value) };
  };
}
