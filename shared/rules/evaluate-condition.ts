import type { FactValue } from '../facts/facts.ts';
import { matchesGlob } from '../facts/glob.ts';
import { type Compare, compareNumbers, isWithin, type Range } from '../facts/range.ts';
import { type Verdict, verdictOf, verdictOfAll, verdictOfAny, verdictOfNot } from '../facts/verdict.ts';
import { compareVersions, isVersion } from '../facts/version.ts';
import { findDefinition } from '../facts/vocabulary.ts';
import { canonicalValue } from './canonical-value.ts';
import type { Condition, LeafCondition } from './compiled-rule.ts';
import type { Finding, GroupFinding } from './evaluation.ts';
import type { FactView } from './fact-view.ts';
import { answerFile } from './file-question.ts';
import { probeOf } from './probes.ts';
import { sayCondition } from './say-condition.ts';

/** Decides a condition in three values and explains it. A negation is carried down to the single conditions. */
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
  const { verdict, value } =
    condition.kind === 'file'
      ? answerFile(condition, view)
      : answerScalar(condition, view.facts[condition.fact]);
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

type ScalarCondition = Exclude<LeafCondition, { kind: 'file' }>;

function answerScalar(
  condition: ScalarCondition,
  value: FactValue | undefined,
): { readonly verdict: Verdict; readonly value?: string } {
  if (value === undefined) return { verdict: 'unknown' };
  if (typeof value === 'object') return { verdict: condition.kind === 'exists' ? 'held' : 'unknown' };
  return { verdict: judge(condition, value), value: String(value) };
}

function judge(condition: ScalarCondition, value: string | number | boolean): Verdict {
  switch (condition.kind) {
    case 'exists':
      return 'held';
    case 'equals': {
      const type = findDefinition(condition.fact)?.type;
      const own = type && canonicalValue(type, value);
      if (!type || own === undefined) return 'unknown';
      return verdictOf(condition.oneOf.some(wanted => canonicalValue(type, wanted) === own));
    }
    case 'glob':
      return typeof value === 'string' ? verdictOf(matchesGlob(condition.pattern, value)) : 'unknown';
    case 'number':
      return typeof value === 'number' ? judgeRange(condition.range, value, compareNumbers) : 'unknown';
    case 'hex':
      return typeof value === 'string' && /^0x[0-9a-f]{1,16}$/i.test(value)
        ? judgeRange(condition.range, value, compareHex)
        : 'unknown';
    case 'version':
      return typeof value === 'string' && isVersion(value)
        ? judgeRange(condition.range, value, compareVersions)
        : 'unknown';
    case 'instant':
      return typeof value === 'string' && !Number.isNaN(Date.parse(value))
        ? judgeRange(condition.range, value, compareInstants)
        : 'unknown';
    default:
      return condition satisfies never;
  }
}

/** A range without ends asks nothing, and nothing asked is nothing proven. */
function judgeRange<Value>(range: Range<Value>, value: Value, compare: Compare<Value>): Verdict {
  if (range.from === undefined && range.until === undefined) return 'unknown';
  return verdictOf(isWithin(range, value, compare));
}

export const compareHex: Compare<string> = (a, b) => {
  const difference = BigInt(a) - BigInt(b);
  return difference === 0n ? 0 : difference < 0n ? -1 : 1;
};

export const compareInstants: Compare<string> = (a, b) => Date.parse(a) - Date.parse(b);
