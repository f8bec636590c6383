import type { ConditionExplanation } from '../../../shared/api/incident.ts';
import type { Evaluation } from '../../../shared/rules/evaluation.ts';
import { tellFindings } from '../../../shared/rules/tell-findings.ts';

/** The conditions of a rule on one machine, as people read them. */
export const explainedConditions = (evaluation: Pick<Evaluation, 'finding'>): ConditionExplanation[] =>
  tellFindings(evaluation).map(({ sentence: condition, ...told }) => ({ condition, ...told }));
