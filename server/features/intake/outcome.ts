import type { Answer, WantedPiece } from '../../../shared/wire/answer.ts';
import type { Outcome, OutcomeState } from '../../../shared/wire/outcome.ts';
import { Refusal } from '../../http/refusal.ts';
import type { DeviceKeyName } from '../../http/request-signature.ts';
import { AttemptLedger } from './attempt-ledger.ts';
import type { AttemptEvent } from './attempt-machine.ts';
import { unaskedEvidence, unfinishedEvidence } from './evidence-to-ask.ts';
import { bootedDeadline } from './deadlines.ts';
import { noProgress } from './decide.ts';
import { type IncidentEvent, nextIncidentState } from './incident-machine.ts';
import type { IntakeParts } from './intake-parts.ts';
import type { KnownIncident } from './intake-store.ts';
import {
  incidentOf,
  type Judged,
  keptIncident,
  type Received,
  receiveReport,
  stateAfter,
} from './receive-report.ts';

/** So many incidents of one crash are asked for their evidence; more teach nothing new. */
export const incidentsWithEvidence = 3;
const mostEvidence = 16;

/** The device tells how an order ended. Applied is not healed: only a booted Windows is. */
export async function receiveOutcome(
  parts: IntakeParts,
  signer: DeviceKeyName,
  message: Outcome,
  bodySha256: Uint8Array,
): Promise<Answer> {
  const arrival = { signer, kind: 'outcome', body: message, bodySha256, remediationIds: [] } as const;
  return await receiveReport(parts, { ...arrival, seen: undefined }, received =>
    judgeOutcome(received, signer.organizationId, message),
  );
}

async function judgeOutcome(received: Received, organizationId: string, message: Outcome): Promise<Judged> {
  const { situation, now } = received;
  const incident = incidentOf(situation);
  const { attemptId, state, code, steps } = message;
  const ledger = new AttemptLedger(situation);
  const attempt = ledger.find(attemptId);
  if (attempt?.incidentId !== incident.incidentId)
    throw new Refusal('unknown-attempt', `This episode has no attempt ${attemptId}.`);
  if (state === 'applied' && ledger.live && ledger.live.attemptId !== attemptId)
    throw new Refusal('illegal-event', 'Another attempt was ordered since; this one is over.');
  const event: AttemptEvent = state === 'refused' && code === 'recalled' ? 'recalled' : state;
  if (!ledger.happen(attemptId, event, { code, steps }))
    throw new Refusal('illegal-event', `${event} cannot happen to an attempt that is ${attempt.state}.`);

  const isCurrent = ledger.liveBefore === attemptId || ledger.live?.attemptId === attemptId;
  const wantedEvidence = await chooseEvidence(received, organizationId, incident, message);
  return {
    incident: keptIncident(incident, stateAfter(incident.state, eventsOf(incident, state, isCurrent))),
    superseded: undefined,
    matches: [],
    offers: message.evidence ?? [],
    wantedEvidence,
    attempts: ledger.changes,
    newAttempt: undefined,
    liveAttempt:
      ledger.live?.attemptId === attemptId ? { attemptId, deadlineAt: bootedDeadline(now) } : undefined,
    liveAttemptBefore: isCurrent ? ledger.liveBefore : undefined,
    answer: {
      incidentCode: incident.code,
      decision:
        wantedEvidence.length > 0
          ? { kind: 'send-evidence', evidence: wantedEvidence, probes: [] }
          : { kind: 'carry-on' },
      progress: situation.newestReport?.answer.progress ?? noProgress,
    },
  };
}

/** What an outcome means for the incident; nothing when the incident has moved on to something else. */
function eventsOf(incident: KnownIncident, outcome: OutcomeState, isCurrent: boolean): IncidentEvent[] {
  const concerned = isCurrent || incident.state === 'awaiting-person';
  if (!concerned || nextIncidentState(incident.state, 'attempt-ended') === undefined) return [];
  if (outcome === 'applied') return ['attempt-applied'];
  return outcome === 'stuck' ? ['attempt-ended', 'person-needed'] : ['attempt-ended'];
}

/**
 * The evidence worth asking for: what the script collects, and everything on offer as long as few incidents of this
 * crash have theirs stored.
 */
async function chooseEvidence(
  { store, situation }: Received,
  organizationId: string,
  { signature }: KnownIncident,
  { evidence: offers = [], steps }: Outcome,
): Promise<WantedPiece[]> {
  const known = Object.entries(situation.evidence).map(([evidenceId, { sha256 }]) => ({
    evidenceId,
    sha256,
  }));
  const fresh = offers.filter(({ evidenceId }) => situation.evidence[evidenceId] === undefined);
  const offered = [
    ...unfinishedEvidence(offers, situation.evidence),
    ...unaskedEvidence([...known, ...fresh], situation.evidence),
  ];
  if (offered.length === 0 || signature === null) return offered.slice(0, mostEvidence);
  const stored = await store.countWithEvidence(organizationId, signature, incidentsWithEvidence);
  if (stored < incidentsWithEvidence) return offered.slice(0, mostEvidence);
  const collected = new Set(
    steps.flatMap(step =>
      step.changes.flatMap(change => (change.kind === 'collect-evidence' ? [change.evidence] : [])),
    ),
  );
  const worthAsking = new Set(
    offers.filter(({ kind }) => collected.has(kind)).map(({ evidenceId }) => evidenceId),
  );
  return offered.filter(({ evidenceId }) => worthAsking.has(evidenceId));
}
