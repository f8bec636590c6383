import { type CompiledRule, type Condition, confidences } from './compiled-rule.ts';
import { type Decision, decisionOf, SharedDecisions } from './decide-condition.ts';
import { type Explain, explanationOf } from './evaluate-condition.ts';
import { evaluate } from './evaluate-rule.ts';
import type { Evaluation } from './evaluation.ts';
import type { FactView } from './fact-view.ts';

/** A rule made ready to be decided on many machines. */
export class PreparedRule {
  readonly rule: CompiledRule;
  /** How many single conditions it asks. */
  readonly asked: number;
  /** Conditions that must all hold. */
  readonly parts: readonly Decision[];
  #explain: Explain | undefined;

  constructor(rule: CompiledRule, shared = new SharedDecisions()) {
    this.rule = rule;
    this.asked = countAsked(rule.when);
    this.parts = partsOf(rule.when, shared);
  }

  /** Made ready when the first machine needs a reason: most rules never have to give one. */
  explain(view: FactView): Evaluation {
    this.#explain ??= explanationOf(this.rule.when);
    return evaluate(this.#explain, view);
  }
}

/** `near`: all conditions but one hold, and the last is known not to. */
export type Outcome = 'matched' | 'near' | 'failed' | 'unknown';

/** What a rule comes to on a machine, without a reason: this is what is done for every rule that may match. */
export function decideRule({ parts }: PreparedRule, view: FactView): Outcome {
  let failed = 0;
  let unknown = 0;
  for (const part of parts) {
    const verdict = part(view);
    if (verdict === 'held') continue;
    if (verdict === 'failed') failed++;
    else unknown++;
    if (failed > 0 && failed + unknown > 1) return 'failed';
  }
  if (failed > 0) return parts.length > 1 ? 'near' : 'failed';
  return unknown > 0 ? 'unknown' : 'matched';
}

/** Priority first, then how much is asked, then how sure the authors are; the id settles the rest. */
export function compareRank(a: Pick<PreparedRule, 'rule' | 'asked'>, b: typeof a): number {
  return (
    b.rule.priority - a.rule.priority ||
    b.asked - a.asked ||
    confidences.indexOf(b.rule.confidence) - confidences.indexOf(a.rule.confidence) ||
    (a.rule.id < b.rule.id ? -1 : 1)
  );
}

/** How many single conditions are asked. */
export function countAsked(condition: Condition): number {
  if (condition.kind === 'not') return countAsked(condition.condition);
  if (!('conditions' in condition)) return 1;
  return condition.conditions.reduce((sum, one) => sum + countAsked(one), 0);
}

function partsOf(condition: Condition, shared: SharedDecisions, isNegated = false): readonly Decision[] {
  if (condition.kind === 'not') return partsOf(condition.condition, shared, !isNegated);
  const isConjunction = condition.kind === (isNegated ? 'any' : 'all');
  // An empty list of conditions proves nothing, but an empty list of parts would.
  if (!isConjunction || !('conditions' in condition) || condition.conditions.length === 0)
    return [decisionOf(condition, shared, isNegated)];
  // The order does not matter to what comes out, so what is cheap is decided first.
  return condition.conditions
    .toSorted((a, b) => Number(isCostly(a)) - Number(isCostly(b)))
    .map(one => decisionOf(one, shared, isNegated));
}

const isCostly = ({ kind }: Condition) => kind === 'pattern' || kind === 'file';
