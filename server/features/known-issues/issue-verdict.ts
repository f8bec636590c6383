import type { ConditionExplanation } from '../../../shared/api/incident.ts';
import type { Facts } from '../../../shared/facts/facts.ts';
import type { Probe } from '../../../shared/wire/answer.ts';

/** How far a known issue is treated without a person. */
export type Policy = 'automatic' | 'ask' | 'never';

/** What a known issue comes to on the facts of one machine. */
export interface IssueVerdict {
  readonly knownIssueId: string;
  readonly version: number;
  readonly title: string;
  readonly policy: Policy;
  readonly remediationId: string | undefined;
  /** `near`: all conditions but one held. `unknown`: what was reported does not settle it. */
  readonly verdict: 'matched' | 'near' | 'unknown';
  /**
   * Of one that matched, since it is why a machine is touched, and is kept with it. For the others it is made by
   * `IssueExplainer` when somebody reads it.
   */
  readonly conditions?: readonly ConditionExplanation[];
  /** What would settle an unknown verdict. */
  readonly probes: readonly Probe[];
}

/**
 * Judges a machine's facts by the known issues of its organization: those that match, most urgent first; where none
 * does, those that questions could decide, then the nearest.
 */
export interface IssueMatcher {
  match(organizationId: string, facts: Facts): Promise<readonly IssueVerdict[]>;
}
