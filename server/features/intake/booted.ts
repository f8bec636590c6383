import type { Answer } from '../../../shared/wire/answer.ts';
import type { Booted } from '../../../shared/wire/booted.ts';
import type { DeviceKeyName } from '../../http/request-signature.ts';
import { AttemptLedger } from './attempt-ledger.ts';
import { noProgress } from './decide.ts';
import type { IntakeParts } from './intake-parts.ts';
import {
  incidentOf,
  type Judged,
  keptIncident,
  type Received,
  receiveReport,
  stateAfter,
} from './receive-report.ts';

/** Windows came up again: the only thing that makes an attempt, and an incident, healed. */
export async function receiveBooted(
  parts: IntakeParts,
  signer: DeviceKeyName,
  message: Booted,
  bodySha256: Uint8Array,
): Promise<Answer> {
  const arrival = { signer, kind: 'booted', body: message, bodySha256, remediationIds: [] } as const;
  return await receiveReport(parts, { ...arrival, seen: undefined }, async received =>
    judgeBooted(received, message),
  );
}

function judgeBooted({ situation }: Received, message: Booted): Judged {
  const incident = incidentOf(situation);
  const ledger = new AttemptLedger(situation);
  const healed = settleAttempts(ledger, incident.incidentId, message.attemptId);
  const concernsLive = ledger.changes.some(change => change.attemptId === ledger.liveBefore);
  return {
    incident: keptIncident(
      incident,
      stateAfter(incident.state, [healed ? 'booted-healed' : 'booted-by-hand']),
    ),
    superseded: undefined,
    matches: [],
    offers: [],
    wantedEvidence: [],
    attempts: ledger.changes,
    newAttempt: undefined,
    liveAttempt: undefined,
    liveAttemptBefore: concernsLive ? ledger.liveBefore : undefined,
    answer: {
      incidentCode: incident.code,
      decision: { kind: 'carry-on' },
      progress: situation.newestReport?.answer.progress ?? noProgress,
    },
  };
}

/** Whether an attempt of ours brought Windows up. An order that was never carried out did not. */
function settleAttempts(ledger: AttemptLedger, incidentId: string, attemptId: string | undefined): boolean {
  const named = attemptId === undefined ? ledger.live : ledger.find(attemptId);
  const ours = named?.incidentId === incidentId ? named : undefined;
  const carriedOut = ours && (attemptId !== undefined || ours.state === 'applied');
  const healed = carriedOut ? ledger.happen(ours.attemptId, 'booted') : false;
  const { live } = ledger;
  if (live?.incidentId === incidentId)
    ledger.happen(live.attemptId, live.state === 'issued' ? 'booted-without' : 'booted', {
      code: 'booted-without-it',
    });
  return healed || ledger.changes.some(change => change.state === 'healed');
}
