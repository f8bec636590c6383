import type { IncidentState } from '../../../shared/api/incident.ts';
import type { Sql } from '../../db/sql.ts';
import type { IssueVerdict } from './issue-verdict.ts';
import type { OpenIncident } from './known-issue-read.ts';

interface MatchedAgain {
  readonly incident: OpenIncident;
  readonly state: IncidentState;
  readonly first: IssueVerdict | undefined;
  readonly verdicts: readonly IssueVerdict[];
  readonly fingerprint: string;
  readonly now: Date;
}

/** Open incidents that were matched with other rules than are in force. */
export class MatchAgainStore {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /** Some of them in the order of their ids, from behind one on. */
  async listOutdated(
    organizationId: string,
    fingerprint: string,
    { after, most }: { readonly after: string | undefined; readonly most: number },
  ): Promise<OpenIncident[]> {
    return await this.#sql.query<OpenIncident>(
      `select incident_id as "incidentId", code, known_issue_id as "knownIssueId", facts, state,
         changed_at as "changedAt"
       from incident
       where organization_id = $1 and state in ('open', 'unexplained', 'matched', 'awaiting-person')
         and matched_with is distinct from $2 and ($4::uuid is null or incident_id > $4)
       order by incident_id limit $3`,
      [organizationId, fingerprint, most, after],
    );
  }

  /** Writes what an incident comes to now; whether that is something else. A report that came meanwhile goes before. */
  async write(organizationId: string, { incident, state, first, verdicts, fingerprint, now }: MatchedAgain) {
    const isSame = (first?.knownIssueId ?? null) === incident.knownIssueId;
    await this.#sql.query(
      `with changed as (
         update incident set matched_with = $4, known_issue_id = case when $5 then known_issue_id else $6 end,
           remediation_id = case when $5 then remediation_id else $7 end, state = case when $5 then state else $8 end,
           changed_at = case when $5 then changed_at else $9 end
         where organization_id = $1 and incident_id = $2 and date_trunc('milliseconds', changed_at) = $3
         returning incident_id
       )
       insert into known_issue_match as m (organization_id, incident_id, known_issue_id, version, verdict, explanation,
         matched_at)
       select $1, c.incident_id, n."knownIssueId", n.version, n.verdict, n.explanation, $9
       from changed c, jsonb_to_recordset($10::jsonb) as n("knownIssueId" text, version integer, verdict text,
         explanation jsonb)
       on conflict (organization_id, incident_id, known_issue_id, version) do update set
         verdict = excluded.verdict, explanation = excluded.explanation,
         matched_at = case when m.verdict = excluded.verdict then m.matched_at else excluded.matched_at end`,
      [
        organizationId,
        incident.incidentId,
        incident.changedAt,
        fingerprint,
        isSame,
        first?.knownIssueId,
        first?.remediationId,
        state,
        now,
        JSON.stringify(
          verdicts.map(({ knownIssueId, version, verdict, title, conditions }) => ({
            knownIssueId,
            version,
            verdict,
            explanation: { title, conditions },
          })),
        ),
      ],
    );
    return !isSame;
  }
}
