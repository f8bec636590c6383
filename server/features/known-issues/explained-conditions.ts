import type { ConditionExplanation } from '../../../shared/api/incident.ts';
import type { Evaluation } from '../../../shared/rules/evaluation.ts';
import { tellFindings, type ToldLine } from '../../../shared/rules/tell-findings.ts';

/** The conditions of a rule on one machine, as people read them. */
export const explainedConditions = (evaluation: Pick<Evaluation, 'finding'>): ConditionExplanation[] =>
  tellFindings(evaluation).map(explained);

/** Every matched report has many of them, and taking a line apart and together again costs more than writing it. */
function explained({ sentence, verdict, value, evidence, depth, isGroup }: ToldLine): ConditionExplanation {
  const line: ConditionExplanation = { condition: sentence, verdict };
  if (value !== undefined) line.value = value;
  if (evidence !== undefined) line.evidence = evidence;
  if (depth !== undefined) line.depth = depth;
  if (isGroup) line.isGroup = isGroup;
  return line;
}
