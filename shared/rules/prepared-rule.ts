import { type CompiledRule, confidences } from './compiled-rule.ts';
import { type Explain, explanationOf } from './evaluate-condition.ts';
import { countAsked, evaluate } from './evaluate-rule.ts';
import type { Evaluation } from './evaluation.ts';
import type { FactView } from './fact-view.ts';
import { type OpenQuestions, openQuestionsOf } from './open-questions.ts';
import type { Scales } from './scales.ts';
import type { Probe } from '../wire/answer.ts';

/** A rule, and how many single conditions it asks. */
export interface RankedRule {
  readonly rule: CompiledRule;
  readonly asked: number;
}

export const rankedRule = (rule: CompiledRule): RankedRule => ({ rule, asked: countAsked(rule.when) });

/**
 * A rule in its place among others. Deciding and explaining are two questions: what explains it is made ready when the
 * first machine needs a reason, and most rules never have to give one.
 */
export class PreparedRule implements RankedRule {
  readonly rule: CompiledRule;
  readonly asked: number;
  readonly #scales: Scales;
  #explain: Explain | undefined;
  #openQuestions: OpenQuestions | undefined;

  constructor({ rule, asked }: RankedRule, scales: Scales) {
    this.rule = rule;
    this.asked = asked;
    this.#scales = scales;
  }

  explain(view: FactView): Evaluation {
    this.#explain ??= explanationOf(this.rule.when, this.#scales);
    return evaluate(this.#explain, this.asked, view);
  }

  /** The questions of its evaluation, without the rest. */
  probesOn(view: FactView): readonly Probe[] {
    this.#openQuestions ??= openQuestionsOf(this.rule.when, this.#scales);
    return this.#openQuestions(view);
  }
}

/** Priority first, then how much is asked, then how sure the authors are; the id settles the rest. */
export function compareRank(a: RankedRule, b: RankedRule): number {
  return (
    b.rule.priority - a.rule.priority ||
    b.asked - a.asked ||
    confidences.indexOf(b.rule.confidence) - confidences.indexOf(a.rule.confidence) ||
    (a.rule.id < b.rule.id ? -1 : 1)
  );
}
