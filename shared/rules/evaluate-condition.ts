import type { FactValue } from '../facts/facts.ts';
import { type Verdict, verdictOfAll, verdictOfAny, verdictOfNot } from '../facts/verdict.ts';
import { findDefinition } from '../facts/vocabulary.ts';
import type { Probe } from '../wire/answer.ts';
import type { Condition, LeafCondition } from './compiled-rule.ts';
import { leafDecisionOf, scalesOf, verdictWithin } from './decision-table.ts';
import type { Finding, GroupFinding } from './evaluation.ts';
import type { FactView } from './fact-view.ts';
import { FileQuestion, sayAnswer } from './file-question.ts';
import { probeOf } from './probes.ts';
import { sayCondition } from './say-condition.ts';
import { isScaled, type Scales } from './scales.ts';

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
  const said = saidOf(condition, isNegated);
  if (condition.kind === 'file') {
    const question = new FileQuestion(condition);
    return view => {
      const answer = question.answerOn(view);
      return findingOf(said, answer.verdict, sayAnswer(answer));
    };
  }
  const [first, ...others] = (isScaled(condition) && scales.spansOf(condition)) || [];
  if (first) {
    // What it touches is kept together and short, since most explanations have not been asked for long.
    return view =>
      findingOf(
        said,
        verdictWithin(first, others, scales, view),
        sayValue(scales.valueOf(first.scale, view)),
      );
  }
  const decide = leafDecisionOf(condition, scales);
  const { fact } = condition;
  return view => findingOf(said, decide(view), sayValue(view.valueOf(fact)));
}

/** What is said of a condition whatever it comes to. */
interface Said {
  readonly isNegated: boolean;
  readonly sentence: string;
  readonly source: string | undefined;
  readonly question: Probe | undefined;
}

const saidOf = (condition: LeafCondition, isNegated: boolean): Said => ({
  isNegated,
  sentence: sayCondition(condition, isNegated),
  source: findDefinition(condition.kind === 'file' ? 'file.any' : condition.fact)?.source,
  question: probeOf(condition),
});

function findingOf(
  { isNegated, sentence, source, question }: Said,
  verdict: Verdict,
  value?: string,
): Finding {
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
}

type Writable<Value> = { -readonly [Key in keyof Value]: Value[Key] };

const sayValue = (value: FactValue | undefined) =>
  value === undefined || typeof value === 'object' ? undefined : String(value);
