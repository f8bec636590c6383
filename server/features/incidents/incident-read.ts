import {
  type ConditionExplanation,
  type FactDisagreement,
  type IncidentState,
  incidentStates,
} from '../../../shared/api/incident.ts';
import type { Facts } from '../../../shared/facts/facts.ts';
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
  readonly facts: Facts;
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
  readonly explanation: {
    readonly title: string;
    /** Kept of those that matched. */
    readonly conditions?: readonly ConditionExplanation[];
  };
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

/** What a person decided about the incident. */
export interface ReadAct {
  readonly kind: 'retried' | 'assigned' | 'marked-healed';
  readonly actor: string;
  readonly at: Date;
  readonly remediationId: string | null;
  readonly note: string | null;
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

const pageOrder = 'order by i.changed_at desc, i.incident_id desc';
const after = (at: string, id: string) =>
  `(${at}::timestamptz is null or (i.changed_at, i.incident_id) < (${at}, ${id}::uuid))`;

/** The page is found first and named after: names and facts are read for its rows alone. */
const named = (page: string) => `with page as materialized (${page})
  select ${rowColumns}
  from page join incident i on i.organization_id = $1 and i.incident_id = page.incident_id
    join device d on d.organization_id = $1 and d.device_id = i.device_id
  ${pageOrder}`;

const newestList = named(
  `select i.incident_id from incident i where i.organization_id = $1 and ${after('$2', '$3')} ${pageOrder} limit $4`,
);

const stateList = named(
  `select found.incident_id from unnest($2::text[]) s cross join lateral (
     select i.incident_id, i.changed_at from incident i
     where i.organization_id = $1 and i.state = s and ${after('$3', '$4')} ${pageOrder} limit $5
   ) found order by found.changed_at desc, found.incident_id desc limit $5`,
);

/** Crashes there are, one index step each: far fewer than incidents. */
const mostCrashes = 2000;
/** A name that fits more devices than these is no name to search by. */
const mostDevices = 500;

/** $6 part of a name, $7 start of a code, $8 part of a crash, $9 the text itself. */
const searchList = named(
  `with recursive crash as (
     (select signature, 1 as n from incident where organization_id = $1 and signature > ''
      order by signature limit 1)
     union all
     select (select i.signature from incident i where i.organization_id = $1 and i.signature > crash.signature
       order by i.signature limit 1), n + 1
     from crash where crash.signature is not null and n < ${mostCrashes}
   ),
   device_found as materialized (
     select device_id from device where organization_id = $1 and name ilike $6 limit ${mostDevices}
   ),
   issue_found as materialized (
     select distinct known_issue_id from known_issue_version
     where organization_id = $1 and (known_issue_id ilike $6 or title ilike $6)
   ),
   found as (
     select hit.* from crash cross join unnest($2::text[]) s cross join lateral (
       select i.incident_id, i.changed_at from incident i
       where i.organization_id = $1 and i.signature = crash.signature and i.state = s and ${after('$3', '$4')}
       ${pageOrder} limit $5
     ) hit where crash.signature ilike $8
     union
     select hit.* from issue_found cross join unnest($2::text[]) s cross join lateral (
       select i.incident_id, i.changed_at from incident i
       where i.organization_id = $1 and i.known_issue_id = issue_found.known_issue_id and i.state = s
         and ${after('$3', '$4')}
       ${pageOrder} limit $5
     ) hit
     union
     select hit.* from (select device_id from device_found union select $9) one cross join lateral (
       select i.incident_id, i.changed_at from incident i
       where i.organization_id = $1 and i.device_id = one.device_id and i.state = any($2) and ${after('$3', '$4')}
       ${pageOrder} limit $5
     ) hit
     union
     (select i.incident_id, i.changed_at from incident i
      where i.organization_id = $1 and i.code like $7 and i.state = any($2) and ${after('$3', '$4')}
      ${pageOrder} limit $5)
   )
   select incident_id from found order by changed_at desc, incident_id desc limit $5`,
);

/** What a text means for names, codes and crashes. A crash is named after its module, without the ending. */
function patternsOf(search: string): [string, string, string] {
  const literal = (text: string) => text.replaceAll(/[\\%_]/g, String.raw`\$&`);
  return [
    `%${literal(search)}%`,
    `${literal(search.toUpperCase())}%`,
    `%${literal(search.replace(/\.(sys|exe|dll)$/i, ''))}%`,
  ];
}

/** A machine that waits for days reports often; its newest reports tell the story. */
const mostReports = 200;

/** Reads incidents for people; changes nothing. */
export class IncidentRead {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /** One page of the list. Every way in is an index that already has the order of the list, so a page costs a page. */
  async list(organizationId: string, filter: ListFilter): Promise<ListedIncident[]> {
    const { states, before, limit } = filter;
    const position = [before?.changedAt, before?.incidentId];
    if (filter.search !== undefined) {
      const [pattern, prefix, crash] = patternsOf(filter.search);
      return await this.#sql.query<ListedIncident>(searchList, [
        organizationId,
        states ?? incidentStates,
        ...position,
        limit,
        pattern,
        prefix,
        crash,
        filter.search,
      ]);
    }
    if (states === undefined)
      return await this.#sql.query<ListedIncident>(newestList, [organizationId, ...position, limit]);
    return await this.#sql.query<ListedIncident>(stateList, [organizationId, states, ...position, limit]);
  }

  /** The incidents of one device, newest first. */
  async listOfDevice(organizationId: string, deviceId: string, most: number): Promise<ListedIncident[]> {
    return await this.#sql.query<ListedIncident>(
      `select ${rowColumns} from incident i join device d using (organization_id, device_id)
       where i.organization_id = $1 and i.device_id = $2 order by i.opened_at desc limit $3`,
      [organizationId, deviceId, most],
    );
  }

  /** Machines by state; states without a machine are absent. Ended ones come from whole hours counted before. */
  async countByState(organizationId: string): Promise<{ state: IncidentState; incidents: number }[]> {
    // The planner has to know how little ended since then.
    const [mark] = await this.#sql.query<{ until: Date }>(
      'select until from closed_tally_mark where organization_id = $1',
      [organizationId],
    );
    return await this.#sql.query(
      `select state, sum(incidents)::integer as incidents from (
         select state, count(*) as incidents from incident
         where organization_id = $1
           and state in ('open', 'unexplained', 'matched', 'awaiting-person', 'treating', 'confirming')
         group by state
         union all
         select state, count(*) from incident
         where organization_id = $1 and closed_at is not null and closed_at >= $2
         group by state
         union all
         select state, sum(incidents) from closed_tally where organization_id = $1 and hour < $2 group by state
       ) counted group by state`,
      [organizationId, mark?.until ?? new Date(0)],
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
         coalesce(jsonb_array_length(answer -> 'decision' -> 'evidence'), 0) as "evidenceAsked",
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

  /** What people decided, oldest first. */
  async listActs(organizationId: string, incidentId: string): Promise<ReadAct[]> {
    return await this.#sql.query<ReadAct>(
      `select kind, actor, at, remediation_id as "remediationId", note from incident_act
       where organization_id = $1 and incident_id = $2 order by number`,
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
