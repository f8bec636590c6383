import type { Answer, Decision } from '../../../shared/wire/answer.ts';
import type { Progress } from './decide.ts';

type Remediate = Extract<Decision, { kind: 'remediate' }>;

/** A decision as it is stored: the script stands once in its own table. */
export type StoredDecision =
  Exclude<Decision, { kind: 'remediate' }> | (Omit<Remediate, 'script'> & { readonly scriptSha256: string });

/** The answer that a report got. Trust updates are not part of it: the newest ride on every answer. */
export interface StoredAnswer {
  readonly incidentCode: string;
  readonly decision: StoredDecision;
  readonly progress: Progress;
}

/** The answer as the device gets it. */
export async function answerOf(
  stored: StoredAnswer,
  getScript: (sha256: string) => Promise<string>,
): Promise<Answer> {
  const { incidentCode, decision } = stored;
  if (decision.kind !== 'remediate') return { version: 1, incidentCode, decision };
  const { scriptSha256, ...rest } = decision;
  return { version: 1, incidentCode, decision: { ...rest, script: await getScript(scriptSha256) } };
}
