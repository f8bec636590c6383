import { type Verdict, verdictOfAll, verdictOfAny, verdictOfNot } from '../facts/verdict.ts';
import { findDefinition } from '../facts/vocabulary.ts';
import type { Condition, LeafCondition } from './compiled-rule.ts';
import { decisionOf } from './decide-condition.ts';
import type { Finding, GroupFinding } from './evaluation.ts';
import type { FactView } from './fact-view.ts';
import { fileQuestion, sayAnswer } from './file-question.ts';
import { probeOf } from './probes.ts';
import { sayCondition } from './say-condition.ts';

/** A condition made ready to be explained on many machines: decided in three values, each with its reason. */
export type Explain = (view: FactView) => Finding | GroupFinding;

/** Makes a condition ready to be explained. A negation is carried down to the single conditions. */
export function explanationOf(condition: Condition, isNegated = false): Explain {
  if (condition.kind === 'not') return explanationOf(condition.condition, !isNegated);
  if (!('conditions' in condition)) return leafExplanationOf(condition, isNegated);
  const parts = condition.conditions.map(one => explanationOf(one, isNegated));
  const kind = (condition.kind === 'all') === isNegated ? 'any' : 'all';
  const join = kind === 'all' ? verdictOfAll : verdictOfAny;
  return view => {
    const findings = parts.map(explain => explain(view));
    return { kind, verdict: join(findings.map(finding => finding.verdict)), findings };
  };
}

function leafExplanationOf(condition: LeafCondition, isNegated: boolean): Explain {
  const answer = answerOf(condition);
  const sentence = sayCondition(condition, isNegated);
  const source = findDefinition(condition.kind === 'file' ? 'file.any' : condition.fact)?.source;
  const question = probeOf(condition);
  return view => {
    const { verdict, value } = answer(view);
    const evidence = value === undefined ? undefined : source;
    const probe = verdict === 'unknown' ? question : undefined;
    return {
      kind: 'condition',
      verdict: isNegated ? verdictOfNot(verdict) : verdict,
      sentence,
      ...(value !== undefined && { value }),
      ...(evidence !== undefined && { evidence }),
      ...(probe && { probe }),
    };
  };
}

type Answer = (view: FactView) => { readonly verdict: Verdict; readonly value?: string | undefined };

function answerOf(condition: LeafCondition): Answer {
  if (condition.kind === 'file') {
    const ask = fileQuestion(condition);
    return view => {
      const answer = ask(view);
      return { verdict: answer.verdict, value: sayAnswer(answer) };
    };
  }
  const decide = decisionOf(condition);
  return view => {
    const verdict = decide(view);
    const value = view.seen.get(condition.fact)?.value;
    return value === undefined || typeof value === 'object' ? { verdict } : { verdict, value: String(value) };
  };
}
