import { foldName, matchesFoldedGlob } from '../facts/glob.ts';
import { type Verdict, verdictOf, verdictOfNot } from '../facts/verdict.ts';
import { findDefinition } from '../facts/vocabulary.ts';
import { canonicalValue } from './canonical-value.ts';
import { endsOf, type RangeCondition } from './comparable-value.ts';
import type { Condition, LeafCondition } from './compiled-rule.ts';
import type { FactView, SeenFact } from './fact-view.ts';
import { fileQuestion } from './file-question.ts';
import { compilePattern } from './pattern/linear-pattern.ts';

/** A condition made ready to be decided on many machines. */
export type Decision = (view: FactView) => Verdict;

/** Decisions on single conditions that many rules share: of equal ones there is one, which a machine is asked once. */
export class SharedDecisions {
  readonly #byText = new Map<string, Decision>();

  of(condition: LeafCondition): Decision {
    const text = JSON.stringify(condition);
    const known = this.#byText.get(text);
    if (known) return known;
    const made = onceForEachMachine(leafDecisionOf(condition));
    this.#byText.set(text, made);
    return made;
  }
}

/** Rules are decided machine by machine, so the last answer is the one that is asked for again. */
function onceForEachMachine(decide: Decision): Decision {
  let last = -1;
  let verdict: Verdict = 'unknown';
  return view => {
    if (last !== view.number) {
      verdict = decide(view);
      last = view.number;
    }
    return verdict;
  };
}

/** Makes a condition ready. A negation is carried down to the single conditions. */
export function decisionOf(
  condition: Condition,
  shared = new SharedDecisions(),
  isNegated = false,
): Decision {
  if (condition.kind === 'not') return decisionOf(condition.condition, shared, !isNegated);
  if (!('conditions' in condition)) {
    const decide = shared.of(condition);
    return isNegated ? view => verdictOfNot(decide(view)) : decide;
  }
  const parts = condition.conditions.map(one => decisionOf(one, shared, isNegated));
  const settling = (condition.kind === 'all') === isNegated ? 'held' : 'failed';
  return view => decideGroup(parts, view, settling);
}

/** `settling` is the verdict of one part that settles the whole: `failed` for all, `held` for any. */
function decideGroup(parts: readonly Decision[], view: FactView, settling: 'held' | 'failed'): Verdict {
  let isUnknown = parts.length === 0;
  for (const part of parts) {
    const verdict = part(view);
    if (verdict === settling) return settling;
    if (verdict === 'unknown') isUnknown = true;
  }
  return isUnknown ? 'unknown' : settling === 'held' ? 'failed' : 'held';
}

function leafDecisionOf(condition: LeafCondition): Decision {
  if (condition.kind === 'file') {
    const ask = fileQuestion(condition);
    return view => ask(view).verdict;
  }
  const { fact } = condition;
  const judge = judgeOf(condition);
  const ofObject = condition.kind === 'exists' ? 'held' : 'unknown';
  return view => {
    const seen = view.seen.get(fact);
    if (seen === undefined) return 'unknown';
    return typeof seen.value === 'object' ? ofObject : judge(seen);
  };
}

/** Judges a value that is there and is a scalar. */
type Judge = (seen: SeenFact) => Verdict;

function judgeOf(condition: Exclude<LeafCondition, { kind: 'file' }>): Judge {
  switch (condition.kind) {
    case 'exists':
      return () => 'held';
    case 'equals': {
      const type = findDefinition(condition.fact)?.type;
      if (!type) return () => 'unknown';
      const wanted = new Set(condition.oneOf.map(value => canonicalValue(type, value)));
      return seen => {
        const own = seen.canonicalAs(type);
        return own === undefined ? 'unknown' : verdictOf(wanted.has(own));
      };
    }
    case 'glob': {
      const wanted = foldName(condition.pattern);
      return ({ folded }) =>
        folded === undefined ? 'unknown' : verdictOf(matchesFoldedGlob(wanted, folded));
    }
    case 'pattern': {
      const compiled = compilePattern(condition.pattern);
      if ('problem' in compiled) return () => 'unknown';
      return ({ value }) =>
        typeof value === 'string' ? verdictOf(compiled.pattern.matches(value)) : 'unknown';
    }
    case 'number':
    case 'hex':
    case 'version':
    case 'instant':
      return rangeJudgeOf(condition);
    default:
      return condition satisfies never;
  }
}

/** A range without ends asks nothing, and nothing asked is nothing proven. */
function rangeJudgeOf(condition: RangeCondition): Judge {
  const { kind } = condition;
  const { from, until } = endsOf(condition);
  if (from === undefined && until === undefined) return () => 'unknown';
  return seen => {
    const own = seen.comparableAs(kind);
    if (own === undefined) return 'unknown';
    return verdictOf((from === undefined || own >= from) && (until === undefined || own < until));
  };
}
