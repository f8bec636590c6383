import type { ConditionExplanation } from '../../../shared/api/incident.ts';
import { type Evaluation, listFindings } from '../../../shared/rules/evaluation.ts';

/** The single conditions of a rule on one machine, as people read them. */
export const explainedConditions = ({ finding }: Pick<Evaluation, 'finding'>): ConditionExplanation[] =>
  listFindings(finding).map(({ verdict, sentence, value, evidence }) => ({
    verdict,
    condition: sentence,
    ...(value !== undefined && { value }),
    ...(evidence !== undefined && { evidence }),
  }));
