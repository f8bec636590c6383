import type { ConditionExplanation, MatchExplanation } from '../../../shared/api/incident.ts';
import type { Facts } from '../../../shared/facts/facts.ts';
import type { ReadMatch } from './incident-read.ts';

interface Named {
  readonly knownIssueId: string;
  readonly version: number;
}

/** Says why known issues fit a machine or do not. */
export interface MatchExplainer {
  explain(
    organizationId: string,
    versions: readonly Named[],
    facts: Facts,
  ): Promise<
    readonly (Named & {
      readonly outcome: 'matched' | 'near' | 'failed' | 'unknown';
      readonly conditions: readonly ConditionExplanation[];
    })[]
  >;
}

/** A known issue on an incident, and when it was found. */
export interface ExplainedMatch {
  readonly match: MatchExplanation;
  readonly matchedAt: Date;
}

/**
 * The known issues of an incident with their reasons: those of a match as they were kept when the machine was answered,
 * those of near misses and open questions made now from what the machine has told since. One that no longer comes near
 * is left out.
 */
export async function explainMatches(
  explainer: MatchExplainer,
  organizationId: string,
  matches: readonly ReadMatch[],
  facts: Facts,
): Promise<readonly ExplainedMatch[]> {
  const open = matches.filter(match => !match.explanation.conditions);
  const made = open.length === 0 ? [] : await explainer.explain(organizationId, open, facts);
  return matches.flatMap(({ knownIssueId, version, verdict, explanation, matchedAt }): ExplainedMatch[] => {
    const { title, conditions } = explanation;
    const named = { knownIssueId, version, title };
    if (conditions) return [{ match: { ...named, verdict, conditions: [...conditions] }, matchedAt }];
    const now = made.find(one => one.knownIssueId === knownIssueId && one.version === version);
    if (now?.outcome !== 'near' && now?.outcome !== 'unknown') return [];
    return [{ match: { ...named, verdict: now.outcome, conditions: [...now.conditions] }, matchedAt }];
  });
}
