import { verdictOfAll, verdictOfAny, verdictOfNot } from '../facts/verdict.ts';
import { decideSingle } from './condition-table.ts';
import type { Decision, Machine } from './conditions/condition-definition.ts';
import type { Condition } from './condition-tree.ts';

/** Decides a condition with its groups on a machine, in three values; the reason is that of what decided it. */
export function decideCondition(condition: Condition, machine: Machine): Decision {
  if (!('conditions' in condition)) return decideSingle(condition, machine);
  const decisions = condition.conditions.map(line => decideCondition(line.condition, machine));
  const verdicts = decisions.map(decision => decision.verdict);
  const decisive = condition.kind === 'all' ? verdictOfAll(verdicts) : verdictOfAny(verdicts);
  const verdict = condition.kind === 'none' ? verdictOfNot(decisive) : decisive;
  const reasons = decisions
    .filter(decision => decision.verdict === decisive)
    .map(decision => decision.reason);
  return { verdict, reason: reasons.join(' ') || 'Nothing is asked.' };
}
