import type { IncidentState } from '../../../shared/api/incident.ts';
import type { Answer } from '../../../shared/wire/answer.ts';
import type { Sql } from '../../db/sql.ts';
import { Refusal } from '../../http/refusal.ts';
import type { DeviceKeyName } from '../../http/request-signature.ts';
import type { TrustVersions } from '../trust/trust-store.ts';
import { type IncidentEvent, isFinal, nextIncidentState } from './incident-machine.ts';
import type { IntakeParts } from './intake-parts.ts';
import {
  type IncidentChange,
  IntakeStore,
  type KnownIncident,
  type LockedDevice,
  type ReadSituation,
  type ReportChange,
} from './intake-store.ts';
import { answerOf, type StoredAnswer } from './stored-answer.ts';

/** A message of a device that is parsed and whose signature is good. */
export interface Arrival {
  readonly signer: DeviceKeyName;
  readonly kind: 'check-in' | 'outcome' | 'booted';
  readonly body: { readonly episode: string; readonly sequence: number };
  readonly bodySha256: Uint8Array;
  /** Remediations whose scripts and approvals the decision needs. */
  readonly remediationIds: readonly string[];
  /** What the device has seen of trust; undefined when the message does not tell. */
  readonly seen: TrustVersions | undefined;
}

/** A message with everything that is known about its device, read after the device was locked. */
export interface Received {
  readonly sql: Sql;
  readonly store: IntakeStore;
  readonly device: LockedDevice;
  readonly situation: ReadSituation;
  readonly now: Date;
}

/** What a message changes; who, when and what was said are filled in by `receiveReport`. */
export type Judged = Omit<ReportChange, 'organizationId' | 'deviceId' | 'episode' | 'now' | 'report'> & {
  readonly answer: StoredAnswer;
};

const dayMs = 86_400_000;

/**
 * Receives one message in one transaction: holds the device, answers a repeat from what is stored, lets `judge` decide
 * about a new one, and writes all of it with the answer before the device hears anything.
 */
export async function receiveReport(
  parts: IntakeParts,
  arrival: Arrival,
  judge: (received: Received) => Promise<Judged>,
): Promise<Answer> {
  const { signer, body, kind, bodySha256 } = arrival;
  const { organizationId, deviceId } = signer;
  const done = await parts.transactions.transaction(async sql => {
    const store = new IntakeStore(sql);
    const now = parts.clock();
    const device = admitted(await store.lockDevice(signer, now), signer);
    const situation = await store.readSituation({
      organizationId,
      deviceId,
      episode: body.episode,
      sequence: body.sequence,
      attemptsSince: new Date(now.getTime() - dayMs),
      remediationIds: arrival.remediationIds,
    });
    const stored = findStoredAnswer(situation, body.sequence, bodySha256);
    const judged = stored ? undefined : await judge({ sql, store, device, situation, now });
    const answer = stored ?? judged!.answer;
    if (judged) {
      const { answer: _, ...change } = judged;
      const report = { kind, sequence: body.sequence, bodySha256, body, answer };
      await store.writeReport({
        ...change,
        organizationId,
        deviceId,
        episode: body.episode,
        now,
        report,
      });
    }
    const { seen } = arrival;
    const state = seen && (await parts.trust.stateAt(sql, organizationId, situation));
    const updates = seen && state ? parts.trust.updatesFor(state, seen) : {};
    const wired = await answerOf(answer, sha256 => parts.scripts.getText(sql, organizationId, sha256));
    return {
      answer: { ...wired, ...updates },
      changed: judged && [judged.incident.incidentId, judged.superseded?.incidentId],
    };
  });
  for (const incidentId of done.changed ?? []) if (incidentId) parts.incidentChanged(incidentId);
  return done.answer;
}

/** The device, when its key and its state let it speak. */
export function admitted(
  device: LockedDevice | undefined,
  { deviceId, number }: DeviceKeyName,
): LockedDevice {
  if (!device?.keyIsGood)
    throw new Refusal(
      'unknown-device-key',
      `Key ${number} of device ${deviceId} is not known or was revoked.`,
    );
  if (device.state === 'retired')
    throw new Refusal('device-retired', 'This device was retired; an admin can enrol it again.');
  return device;
}

function findStoredAnswer(
  { repeated, newestReport }: ReadSituation,
  sequence: number,
  bodySha256: Uint8Array,
): StoredAnswer | undefined {
  if (repeated) {
    if (repeated.bodySha256 === Buffer.from(bodySha256).toString('hex')) return repeated.answer;
    throw new Refusal('sequence-reused', `Sequence ${sequence} of this episode already said something else.`);
  }
  if (newestReport && sequence < newestReport.sequence)
    throw new Refusal(
      'sequence-too-old',
      `Sequence ${newestReport.sequence} of this episode was already said.`,
    );
  return undefined;
}

/** The incident of an episode; refuses a message about a story that never called for help. */
export function incidentOf({ incident }: ReadSituation): KnownIncident {
  if (!incident)
    throw new Refusal('unknown-episode', 'No machine called for help under this episode; check in first.');
  return incident;
}

/** Follows events through the incident machine. A final incident stays as it is. */
export function stateAfter(state: IncidentState, events: readonly IncidentEvent[]): IncidentState {
  return events.reduce<IncidentState>((current, event) => {
    if (isFinal(state)) return state;
    const next = nextIncidentState(current, event);
    if (!next)
      throw new Refusal('illegal-event', `${event} cannot happen to an incident that is ${current}.`);
    return next;
  }, state);
}

/** An incident of which a message changes nothing but the state. */
export const keptIncident = (incident: KnownIncident, state: IncidentState): IncidentChange => ({
  incidentId: incident.incidentId,
  code: incident.code,
  state,
  isFinal: isFinal(state),
  signature: undefined,
  facts: undefined,
  knownIssueId: undefined,
  remediationId: undefined,
});
