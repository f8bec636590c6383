import type { IncidentState } from '../../../shared/api/incident.ts';
import type { Envelope } from '../../../shared/trust/envelope.ts';
import type { WantedPiece } from '../../../shared/wire/answer.ts';
import type { EvidenceOffer } from '../../../shared/wire/evidence.ts';
import type { Sql } from '../../db/sql.ts';
import { storableJson, storableText } from '../../db/storable.ts';
import type { DeviceKeyName } from '../../http/request-signature.ts';
import type { AttemptState } from './attempt-machine.ts';
import type { StoredAnswer } from './stored-answer.ts';
import { readSituation, writeReport } from './intake-statements-store.ts';

export interface LockedDevice {
  readonly name: string;
  readonly state: 'active' | 'pending' | 'retired';
  readonly keyIsGood: boolean;
  readonly serial: string | null;
  readonly smbiosId: string | null;
}

export interface KnownAttempt {
  readonly attemptId: string;
  readonly incidentId: string;
  readonly remediationId: string;
  readonly remediationVersion: number;
  readonly scriptSha256: string;
  readonly state: AttemptState;
}

export interface KnownIncident {
  readonly incidentId: string;
  readonly state: IncidentState;
  readonly code: string;
  readonly signature: string | null;
  readonly knownIssueId: string | null;
  readonly remediationId: string | null;
  /** The repair that a person chose and that was not ordered since. */
  readonly assignedId: string | null;
  /** A person wants to begin again, and the device was not heard since. */
  readonly isAskedAgain: boolean;
}

export interface KnownEvidence {
  readonly state: string;
  readonly sha256: string;
  readonly receivedBytes: number;
}

export interface ApprovedScript {
  readonly remediationId: string;
  readonly version: number;
  readonly scriptSha256: string;
  /** Newest first; empty when nobody approved it. */
  readonly envelopes: readonly Envelope[];
}

/** What is known when a message of a device arrives, read after the device was locked. */
export interface ReadSituation {
  readonly incident: KnownIncident | null;
  readonly liveIncident: { readonly incidentId: string; readonly state: IncidentState } | null;
  readonly liveAttempt: KnownAttempt | null;
  /** Attempts of the incident. */
  readonly attempts: readonly KnownAttempt[];
  readonly failedAttempts: Readonly<Record<string, number>>;
  readonly newestReport: { readonly sequence: number; readonly answer: StoredAnswer } | null;
  /** The report with the sequence of this message, when there is one already. */
  readonly repeated: { readonly bodySha256: string; readonly answer: StoredAnswer } | null;
  /** Each piece of evidence of the incident, by its name. */
  readonly evidence: Readonly<Record<string, KnownEvidence>>;
  readonly scripts: readonly ApprovedScript[];
  readonly trustVersion: number;
  readonly recallVersion: number;
}

export interface IncidentChange {
  readonly incidentId: string;
  readonly code: string;
  readonly state: IncidentState;
  readonly isFinal: boolean;
  readonly signature: string | undefined;
  /** The newest facts; undefined leaves them as they are. */
  readonly facts: unknown;
  readonly knownIssueId: string | undefined;
  readonly remediationId: string | undefined;
}

export interface AttemptChange {
  readonly attemptId: string;
  readonly incidentId: string;
  readonly state: AttemptState;
  readonly code?: string | undefined;
  readonly steps?: unknown;
  readonly isApplied: boolean;
  readonly isEnded: boolean;
}

export interface NewAttempt {
  readonly attemptId: string;
  readonly remediationId: string;
  readonly remediationVersion: number;
  readonly scriptSha256: string;
}

/** The one attempt that the device may still be carrying out. `replacesId` is the one that was live before. */
export interface LiveAttempt {
  readonly attemptId: string;
  readonly deadlineAt: Date;
}

/** Everything that one message of a device changes; it is written by one statement, or not at all. */
export interface ReportChange {
  readonly organizationId: string;
  readonly deviceId: string;
  readonly episode: string;
  readonly now: Date;
  readonly incident: IncidentChange;
  /** Another incident of the device, which this one supersedes. */
  readonly superseded: { readonly incidentId: string; readonly state: IncidentState } | undefined;
  readonly report: {
    readonly kind: 'check-in' | 'outcome' | 'booted';
    readonly sequence: number;
    readonly bodySha256: Uint8Array;
    readonly body: unknown;
    readonly answer: StoredAnswer;
  };
  readonly matches: readonly {
    readonly knownIssueId: string;
    readonly version: number;
    readonly verdict: string;
    readonly explanation: unknown;
  }[];
  readonly offers: readonly EvidenceOffer[];
  readonly wantedEvidence: readonly WantedPiece[];
  readonly attempts: readonly AttemptChange[];
  readonly newAttempt: NewAttempt | undefined;
  /** The attempt that is live afterwards, and the one that was before. */
  readonly liveAttempt: LiveAttempt | undefined;
  readonly liveAttemptBefore: string | undefined;
}

/** What intake reads and writes: one lock, one statement to read, one to write. */
export class IntakeStore {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /** Notes that the device was seen and holds it, so that its messages are judged one by one. */
  async lockDevice(name: DeviceKeyName, now: Date): Promise<LockedDevice | undefined> {
    const [device] = await this.#sql.query<LockedDevice>(
      `update device set last_seen_at = $3
       where organization_id = $1 and device_id = $2
       returning name, state, serial, smbios_id as "smbiosId", exists (
         select from device_key
         where organization_id = $1 and device_id = $2 and number = $4 and revoked_at is null
       ) as "keyIsGood"`,
      [name.organizationId, name.deviceId, now, name.number],
    );
    return device;
  }

  /** Reads what is known about an episode of a locked device. */
  async readSituation(asked: {
    organizationId: string;
    deviceId: string;
    episode: string;
    sequence: number;
    attemptsSince: Date;
    remediationIds: readonly string[];
  }): Promise<ReadSituation> {
    const [situation] = await this.#sql.query<ReadSituation>(readSituation, [
      asked.organizationId,
      asked.deviceId,
      asked.episode,
      asked.sequence,
      asked.attemptsSince,
      asked.remediationIds,
    ]);
    return situation!;
  }

  /** How many incidents with this crash have evidence, counted up to `most`. */
  async countWithEvidence(organizationId: string, signature: string, most: number): Promise<number> {
    const rows = await this.#sql.query(
      `select from incident i
       where i.organization_id = $1 and i.signature = $2 and exists (
         select from evidence e
         where e.organization_id = $1 and e.incident_id = i.incident_id and e.state in ('stored', 'parsed'))
       limit $3`,
      [organizationId, signature, most],
    );
    return rows.length;
  }

  /** Writes what a message changed. */
  async writeReport(change: ReportChange): Promise<void> {
    const { incident, report, superseded, newAttempt, liveAttempt } = change;
    const rows = await this.#sql.query<{ live: number }>(writeReport, [
      change.organizationId,
      change.deviceId,
      change.episode,
      change.now,
      incident.incidentId,
      incident.code,
      incident.state,
      incident.isFinal,
      incident.signature === undefined ? null : storableText(incident.signature),
      incident.facts === undefined ? null : storableJson(incident.facts),
      incident.knownIssueId,
      incident.remediationId,
      superseded?.incidentId,
      superseded?.state,
      report.kind,
      report.sequence,
      report.bodySha256,
      storableJson(report.body),
      storableJson(report.answer),
      storableJson(change.matches),
      storableJson(change.offers),
      change.wantedEvidence.map(({ evidenceId }) => evidenceId),
      storableJson(change.attempts),
      JSON.stringify(newAttempt ? [newAttempt] : []),
      liveAttempt?.attemptId,
      liveAttempt?.deadlineAt,
      change.liveAttemptBefore,
    ]);
    if (liveAttempt && rows[0]?.live !== 1)
      throw new Error(`device ${change.deviceId} already has another live attempt`);
  }
}
