import type { CSSProperties } from 'react';
import type { ConditionExplanation } from '../../../shared/api/incident.ts';

/** How far a condition stands inward, below the group that it is a part of; its style sheet says what moves. */
export const inward = ({ depth }: Pick<ConditionExplanation, 'depth'>): CSSProperties | undefined =>
  depth === undefined ? undefined : ({ '--inward': `${depth * 1.25}rem` } as CSSProperties);
