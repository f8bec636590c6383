import type { Envelope } from '../../../shared/trust/envelope.ts';
import { distinctProbes } from '../../../shared/rules/probes.ts';
import type { Probe, WantedPiece } from '../../../shared/wire/answer.ts';
import type { IssueVerdict } from '../known-issues/issue-verdict.ts';
import type { IncidentEvent } from './incident-machine.ts';

/** How often the device was already asked for more in this incident. */
export interface Progress {
  readonly probeRounds: number;
  readonly evidenceRounds: number;
  /** Rounds in which it was asked again for what it had not sent to the end. */
  readonly resumptions: number;
  readonly waits: number;
}
export const noProgress: Progress = { probeRounds: 0, evidenceRounds: 0, resumptions: 0, waits: 0 };

/** A script that approvers let this device run now. */
export interface Remedy {
  readonly remediationId: string;
  readonly version: number;
  readonly scriptSha256: string;
  readonly approval: Envelope;
}

/** Everything a decision is made from. */
export interface Situation {
  readonly deviceIsPending: boolean;
  /** The repair that a person chose for this machine. */
  readonly assignedId: string | undefined;
  /** Matched ones first, in the order in which they are to be tried. */
  readonly issues: readonly IssueVerdict[];
  /** The remedy of a remediation that may run now, or why none may. */
  readonly findRemedy: (remediationId: string) => Remedy | { readonly problem: string };
  /** Attempts that did not heal this device, by remediation. */
  readonly failedAttempts: Readonly<Record<string, number>>;
  /** An attempt of this incident left the machine half changed. */
  readonly isStuck: boolean;
  readonly progress: Progress;
  /** Evidence that the device holds and was never asked for. */
  readonly offeredEvidence: readonly WantedPiece[];
  /** Evidence that it was asked for, still has and did not send to the end. */
  readonly unfinishedEvidence: readonly WantedPiece[];
}

/** What the server decided, and what it means for the incident. */
export interface Decided {
  readonly choice: Choice;
  readonly events: readonly IncidentEvent[];
  readonly issue: IssueVerdict | undefined;
  readonly progress: Progress;
}

export type Choice =
  | { readonly kind: 'order'; readonly remedy: Remedy }
  | {
      readonly kind: 'send-evidence';
      readonly evidence: readonly WantedPiece[];
      readonly probes: readonly Probe[];
    }
  | { readonly kind: 'wait' | 'stop'; readonly reason: string };

/** A remedy that failed twice on a machine is not tried a third time; a person looks. */
export const mostAttempts = 2;
const mostProbeRounds = 2;
/** A first check-in offers the most telling pieces alone, the next one everything. */
const mostEvidenceRounds = 2;
/** A machine that never gets its evidence through is asked no more; its check-ins do get through. */
const mostResumptions = 3;
const mostInOneAnswer = 16;

/** Decides what a machine in WinRE is told. Changes nothing. */
export function decide(situation: Situation): Decided {
  const matched = situation.issues.filter(issue => issue.verdict === 'matched');
  const { assignedId } = situation;
  if (assignedId !== undefined) return decideAssigned(situation, assignedId, matched[0]);
  return matched.length > 0 ? decideMatched(situation, matched) : decideUnexplained(situation);
}

function forPersonOf({ progress }: Situation, issue: IssueVerdict | undefined): (reason: string) => Decided {
  return reason => ({
    choice: { kind: reason === 'policy-never' ? 'stop' : 'wait', reason },
    events: issue ? ['explained', 'person-needed'] : ['unexplained', 'person-needed'],
    issue,
    progress: { ...progress, waits: progress.waits + 1 },
  });
}

/** A person decided: policy and failures before do not count. What approvers signed and a half-changed machine do. */
function decideAssigned(situation: Situation, assignedId: string, issue: IssueVerdict | undefined): Decided {
  const forPerson = forPersonOf(situation, issue);
  if (situation.deviceIsPending) return forPerson('device-pending');
  if (situation.isStuck) return forPerson('attempt-stuck');
  const remedy = situation.findRemedy(assignedId);
  if ('problem' in remedy) return forPerson(remedy.problem);
  const { progress } = situation;
  return { choice: { kind: 'order', remedy }, events: ['explained', 'order-issued'], issue, progress };
}

function decideMatched(situation: Situation, matched: readonly IssueVerdict[]): Decided {
  const { progress } = situation;
  const forPerson = forPersonOf(situation, matched[0]);
  if (situation.deviceIsPending) return forPerson('device-pending');
  if (situation.isStuck) return forPerson('attempt-stuck');
  const choices = matched.map(issue => ({ issue, remedy: remedyOf(situation, issue) }));
  for (const { issue, remedy } of choices) {
    if ('problem' in remedy) continue;
    return { choice: { kind: 'order', remedy }, events: ['explained', 'order-issued'], issue, progress };
  }
  const { remedy } = choices[0]!;
  return forPerson('problem' in remedy ? remedy.problem : 'awaiting-person');
}

function remedyOf(situation: Situation, issue: IssueVerdict): Remedy | { readonly problem: string } {
  const { remediationId, policy } = issue;
  if (policy === 'never') return { problem: 'policy-never' };
  if (remediationId === undefined) return { problem: 'no-remedy' };
  if ((situation.failedAttempts[remediationId] ?? 0) >= mostAttempts) return { problem: 'remedy-exhausted' };
  if (policy === 'ask') return { problem: 'awaiting-person' };
  return situation.findRemedy(remediationId);
}

function decideUnexplained({ issues, progress, ...situation }: Situation): Decided {
  const base = { events: ['unexplained'] as IncidentEvent[], issue: undefined };
  const wait = (reason: string) => ({
    choice: { kind: 'wait' as const, reason },
    progress: { ...progress, waits: progress.waits + 1 },
  });
  if (situation.deviceIsPending)
    return { ...base, ...wait('device-pending'), events: ['unexplained', 'person-needed'] };

  const probes = distinctProbes(issues.flatMap(issue => issue.probes));
  if (probes.length > 0 && progress.probeRounds < mostProbeRounds) {
    const asked = { ...progress, probeRounds: progress.probeRounds + 1 };
    return { ...base, choice: { kind: 'send-evidence', evidence: [], probes }, progress: asked };
  }
  const { evidenceRounds, resumptions } = progress;
  const again = resumptions < mostResumptions ? situation.unfinishedEvidence : [];
  const fresh = evidenceRounds < mostEvidenceRounds ? situation.offeredEvidence : [];
  const evidence = [...again, ...fresh].slice(0, mostInOneAnswer);
  if (evidence.length > 0) {
    const asked = {
      ...progress,
      evidenceRounds: evidenceRounds + Number(fresh.length > 0),
      resumptions: resumptions + Number(again.length > 0),
    };
    return { ...base, choice: { kind: 'send-evidence', evidence, probes: [] }, progress: asked };
  }
  return { ...base, ...wait('unexplained') };
}
