import type { ConditionExplanation, FactDisagreement, IncidentState } from '../../../shared/api/incident.ts';
import type { Envelope } from '../../../shared/trust/envelope.ts';
import type { StepOutcome } from '../../../shared/wire/outcome.ts';
import type { StoryMoment } from '../../../shared/wire/story.ts';
import type { Sql } from '../../db/sql.ts';

/** One incident as the list shows it. */
export interface ListedIncident {
  readonly incidentId: string;
  readonly code: string;
  readonly deviceId: string;
  readonly deviceName: string;
  readonly state: IncidentState;
  readonly title: string | null;
  readonly knownIssueId: string | null;
  readonly signature: string | null;
  readonly crashCode: string | null;
  readonly crashModule: string | null;
  readonly openedAt: Date;
  readonly changedAt: Date;
  readonly closedAt: Date | null;
}

export interface ReadIncident extends ListedIncident {
  readonly deviceModel: string | null;
  readonly lastSeenAt: Date | null;
  readonly remediationId: string | null;
  readonly facts: Record<string, unknown>;
}

export interface ReadReport {
  readonly sequence: number;
  readonly kind: 'check-in' | 'outcome' | 'booted';
  readonly receivedAt: Date;
  readonly story: readonly StoryMoment[] | null;
  readonly decision: {
    readonly kind: string;
    readonly reason?: string;
    readonly probes?: readonly unknown[];
  };
  readonly evidenceAsked: number;
  readonly outcome: string | null;
  readonly reason: string | null;
}

export interface ReadMatch {
  readonly knownIssueId: string;
  readonly version: number;
  readonly verdict: 'matched' | 'near' | 'unknown';
  readonly explanation: { readonly title: string; readonly conditions: readonly ConditionExplanation[] };
  readonly matchedAt: Date;
}

export interface ReadAttempt {
  readonly attemptId: string;
  readonly remediationId: string;
  readonly remediationVersion: number;
  readonly scriptSha256: string;
  readonly state: string;
  readonly code: string | null;
  readonly steps: readonly StepOutcome[];
  readonly issuedAt: Date;
  readonly appliedAt: Date | null;
  readonly endedAt: Date | null;
}

export interface ReadEvidence {
  readonly evidenceId: string;
  readonly kind: string;
  readonly name: string;
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly state: 'offered' | 'wanted' | 'receiving' | 'stored' | 'parsed' | 'unreadable' | 'expired';
  readonly reading: unknown;
  readonly disagreements: readonly FactDisagreement[];
  readonly changedAt: Date;
}

export interface ReadScript {
  readonly remediationId: string;
  readonly version: number;
  readonly scriptSha256: string;
  readonly text: Buffer;
  /** Newest first. */
  readonly envelopes: readonly Envelope[];
}

export interface ListPosition {
  readonly changedAt: Date;
  readonly incidentId: string;
}

export interface ListFilter {
  readonly states: readonly IncidentState[] | undefined;
  readonly search: string | undefined;
  readonly before: ListPosition | undefined;
  readonly limit: number;
}

const rowColumns = `i.incident_id as "incidentId", i.code, i.device_id as "deviceId", d.name as "deviceName", i.state,
  i.known_issue_id as "knownIssueId", i.signature, i.facts ->> 'crash.code' as "crashCode",
  i.facts ->> 'crash.module' as "crashModule", i.opened_at as "openedAt", i.changed_at as "changedAt",
  i.closed_at as "closedAt", (
    select k.title from known_issue_version k
    where k.organization_id = i.organization_id and k.known_issue_id = i.known_issue_id
    order by k.version desc limit 1
  ) as title`;

/** A machine that waits for days reports often; its newest reports tell the story. */
const mostReports = 200;

/** Reads incidents for people; changes nothing. */
export class IncidentRead {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  async list(organizationId: string, filter: ListFilter): Promise<ListedIncident[]> {
    const pattern =
      filter.search === undefined ? null : `%${filter.search.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
    return await this.#sql.query<ListedIncident>(
      `select ${rowColumns}
       from incident i join device d using (organization_id, device_id)
       where i.organization_id = $1
         and ($2::text[] is null or i.state = any($2))
         and ($3::text is null or d.name ilike $3 or i.code ilike $3 or i.signature ilike $3 or i.device_id ilike $3
           or i.known_issue_id ilike $3 or i.facts ->> 'crash.module' ilike $3
           or i.known_issue_id in (
             select k.known_issue_id from known_issue_version k where k.organization_id = $1 and k.title ilike $3))
         and ($4::timestamptz is null or (i.changed_at, i.incident_id) < ($4, $5::uuid))
       order by i.changed_at desc, i.incident_id desc limit $6`,
      [
        organizationId,
        filter.states,
        pattern,
        filter.before?.changedAt,
        filter.before?.incidentId,
        filter.limit,
      ],
    );
  }

  /** Machines by state; states without a machine are absent. */
  async countByState(organizationId: string): Promise<{ state: IncidentState; incidents: number }[]> {
    return await this.#sql.query(
      `select state, count(*)::integer as incidents from incident where organization_id = $1 group by state`,
      [organizationId],
    );
  }

  async find(organizationId: string, incidentId: string): Promise<ReadIncident | undefined> {
    const [found] = await this.#sql.query<ReadIncident>(
      `select ${rowColumns}, d.model as "deviceModel", d.last_seen_at as "lastSeenAt", i.facts,
         i.remediation_id as "remediationId"
       from incident i join device d using (organization_id, device_id)
       where i.organization_id = $1 and i.incident_id = $2`,
      [organizationId, incidentId],
    );
    return found;
  }

  /** The newest reports, oldest first. */
  async listReports(organizationId: string, incidentId: string): Promise<ReadReport[]> {
    const newestFirst = await this.#sql.query<ReadReport>(
      `select sequence, kind, received_at as "receivedAt", body -> 'story' as story,
         (answer -> 'decision') - 'order' - 'approval' as decision,
         coalesce(jsonb_array_length(answer -> 'decision' -> 'evidenceIds'), 0) as "evidenceAsked",
         body ->> 'state' as outcome, body ->> 'reason' as reason
       from report where organization_id = $1 and incident_id = $2
       order by sequence desc limit ${mostReports}`,
      [organizationId, incidentId],
    );
    return newestFirst.reverse();
  }

  async listMatches(organizationId: string, incidentId: string): Promise<ReadMatch[]> {
    return await this.#sql.query<ReadMatch>(
      `select known_issue_id as "knownIssueId", version, verdict, explanation, matched_at as "matchedAt"
       from known_issue_match where organization_id = $1 and incident_id = $2
       order by array_position(array['matched', 'near', 'unknown'], verdict), known_issue_id, version desc`,
      [organizationId, incidentId],
    );
  }

  async listAttempts(organizationId: string, incidentId: string): Promise<ReadAttempt[]> {
    return await this.#sql.query<ReadAttempt>(
      `select attempt_id as "attemptId", remediation_id as "remediationId",
         remediation_version as "remediationVersion", encode(script_sha256, 'hex') as "scriptSha256", state, code,
         steps, issued_at as "issuedAt", applied_at as "appliedAt", ended_at as "endedAt"
       from attempt where organization_id = $1 and incident_id = $2 order by issued_at`,
      [organizationId, incidentId],
    );
  }

  async listEvidence(organizationId: string, incidentId: string): Promise<ReadEvidence[]> {
    return await this.#sql.query<ReadEvidence>(
      `select evidence_id as "evidenceId", kind, name, size_bytes as "sizeBytes", encode(sha256, 'hex') as sha256,
         state, reading - 'disagreements' as reading, coalesce(reading -> 'disagreements', '[]') as disagreements,
         changed_at as "changedAt"
       from evidence where organization_id = $1 and incident_id = $2 order by kind, changed_at`,
      [organizationId, incidentId],
    );
  }

  /** The scripts with these hashes, and the newest script of a remediation, with their approvals. */
  async listScripts(
    organizationId: string,
    scriptSha256s: readonly string[],
    remediationId: string | null,
  ): Promise<ReadScript[]> {
    return await this.#sql.query<ReadScript>(
      `select r.remediation_id as "remediationId", r.version, encode(r.sha256, 'hex') as "scriptSha256", r.text,
         coalesce((select jsonb_agg(a.envelope order by a.sequence desc) from approval a
           where a.organization_id = $1 and a.remediation_sha256 = r.sha256), '[]') as envelopes
       from remediation_version r
       where r.organization_id = $1 and (
         encode(r.sha256, 'hex') = any($2) or r.remediation_id = $3 and r.version = (
           select max(n.version) from remediation_version n where n.organization_id = $1 and n.remediation_id = $3))
       order by r.version desc`,
      [organizationId, scriptSha256s, remediationId],
    );
  }

  /** Incidents that changed since an instant, oldest first. */
  async listChangedSince(
    organizationId: string,
    since: Date,
    most: number,
  ): Promise<{ incidentId: string; changedAt: Date }[]> {
    return await this.#sql.query(
      `select incident_id as "incidentId", changed_at as "changedAt" from incident
       where organization_id = $1 and changed_at >= $2 order by changed_at limit $3`,
      [organizationId, since, most],
    );
  }
}
