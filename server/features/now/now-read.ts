import type { Sql } from '../../db/sql.ts';

export interface CauseRow {
  readonly knownIssueId: string | null;
  readonly signature: string | null;
  readonly title: string | null;
  readonly down: number;
  readonly needPerson: number;
  readonly healing: number;
  readonly healedToday: number;
  /** Machines that called for help, by hour of the last day; hours without one are absent. */
  readonly opened: Readonly<Record<string, number>>;
}

/** Reads how the fleet stands; changes nothing. */
export class NowRead {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /** Openings and endings since the first instant, by step between instants. Buckets are found without arithmetic. */
  async listSteps(organizationId: string, stepsAt: readonly Date[]) {
    return await this.#sql.query<{ step: number; opened: number; closed: number; healed: number }>(
      `select step, sum(opened)::integer as opened, sum(closed)::integer as closed, sum(healed)::integer as healed
       from (
         select width_bucket(opened_at, $2::timestamptz[]) - 1 as step, count(*) as opened, 0 as closed, 0 as healed
         from incident where organization_id = $1 and opened_at >= $3 group by 1
         union all
         select width_bucket(closed_at, $2::timestamptz[]) - 1, 0, count(*),
           count(*) filter (where state <> 'given-up')
         from incident where organization_id = $1 and closed_at is not null and closed_at >= $3 group by 1
       ) moments group by step`,
      [organizationId, stepsAt, stepsAt[0]],
    );
  }

  /** The causes with most machines: those not back now and those since the first hour. */
  async listCauses(organizationId: string, hoursAt: readonly Date[], most: number): Promise<CauseRow[]> {
    return await this.#sql.query<CauseRow>(
      `with live as (
         select known_issue_id, case when known_issue_id is null then signature end as signature,
           count(*) filter (where state in ('open', 'unexplained', 'awaiting-person')) as down,
           count(*) filter (where state in ('unexplained', 'awaiting-person')) as need_person,
           count(*) filter (where state in ('matched', 'treating', 'confirming')) as healing
         from incident
         where organization_id = $1
           and state in ('open', 'unexplained', 'matched', 'awaiting-person', 'treating', 'confirming')
         group by 1, 2
       ),
       ended as (
         select known_issue_id, case when known_issue_id is null then signature end as signature, count(*) as healed
         from incident
         where organization_id = $1 and closed_at is not null and closed_at >= $2
           and state in ('healed', 'healed-by-hand')
         group by 1, 2
       ),
       opened as (
         select known_issue_id, signature, sum(incidents) as incidents, jsonb_object_agg(hour, incidents) as by_hour
         from (
           select known_issue_id, case when known_issue_id is null then signature end as signature,
             width_bucket(opened_at, $4::timestamptz[]) - 1 as hour,
             count(*) as incidents
           from incident where organization_id = $1 and opened_at >= $2
           group by 1, 2, 3
         ) hours group by 1, 2
       ),
       cause as (select known_issue_id, signature from live union select known_issue_id, signature from ended
         union select known_issue_id, signature from opened)
       select c.known_issue_id as "knownIssueId", c.signature, coalesce(l.down, 0)::integer as down,
         coalesce(l.need_person, 0)::integer as "needPerson", coalesce(l.healing, 0)::integer as healing,
         coalesce(e.healed, 0)::integer as "healedToday", coalesce(o.by_hour, '{}') as opened, (
           select k.title from known_issue_version k
           where k.organization_id = $1 and k.known_issue_id = c.known_issue_id order by k.version desc limit 1
         ) as title
       from cause c
         left join live l on (l.known_issue_id, l.signature) is not distinct from (c.known_issue_id, c.signature)
         left join ended e on (e.known_issue_id, e.signature) is not distinct from (c.known_issue_id, c.signature)
         left join opened o on (o.known_issue_id, o.signature) is not distinct from (c.known_issue_id, c.signature)
       order by coalesce(l.down, 0) + coalesce(l.healing, 0) desc, coalesce(o.incidents, 0) desc
       limit $3`,
      [organizationId, hoursAt[0], most, hoursAt],
    );
  }
}
