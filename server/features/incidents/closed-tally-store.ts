import type { Sql } from '../../db/sql.ts';

/** Counts ended incidents by whole hours, once: what ended never changes. */
export class ClosedTallyStore {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /** Counts what ended since the last time and before `until`, for every organization. */
  async countUntil(until: Date): Promise<void> {
    await this.#sql.query(
      `with mark as (
         select o.organization_id, coalesce(m.until, '-infinity') as since
         from organization o left join closed_tally_mark m using (organization_id)
         where m.until is null or m.until < $1
         for update of o
       ),
       counted as (
         insert into closed_tally (organization_id, hour, state, incidents)
         select i.organization_id, date_trunc('hour', i.closed_at, 'UTC'), i.state, count(*)
         from mark join incident i on i.organization_id = mark.organization_id
           and i.closed_at is not null and i.closed_at >= mark.since and i.closed_at < $1
         group by 1, 2, 3
       )
       insert into closed_tally_mark (organization_id, until) select organization_id, $1 from mark
       on conflict (organization_id) do update set until = excluded.until`,
      [until],
    );
  }
}
