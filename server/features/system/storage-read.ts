import type { Sql } from '../../db/sql.ts';

const grownDays = 14;

/** What lies in the database. */
export class StorageRead {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  async databaseBytes(): Promise<number> {
    const [row] = await this.#sql.query<{ bytes: string }>(
      'select pg_database_size(current_database())::text as bytes',
    );
    return Number(row!.bytes);
  }

  /** Pieces of evidence that lie on the disk, by kind, the largest sum first. */
  async evidence(organizationId: string): Promise<{ kind: string; pieces: number; bytes: number }[]> {
    const rows = await this.#sql.query<{ kind: string; pieces: number; bytes: string }>(
      `select kind, count(*)::integer as pieces, sum(size_bytes)::text as bytes from evidence
       where organization_id = $1 and blob is not null group by kind order by sum(size_bytes) desc`,
      [organizationId],
    );
    return rows.map(row => ({ ...row, bytes: Number(row.bytes) }));
  }

  async oldestAt(organizationId: string): Promise<Date | undefined> {
    const [row] = await this.#sql.query<{ at: Date | null }>(
      'select min(changed_at) as at from evidence where organization_id = $1 and blob is not null',
      [organizationId],
    );
    return row?.at ?? undefined;
  }

  /** Bytes of evidence that came in each of the last days, oldest first. */
  async grown(organizationId: string, now: Date): Promise<number[]> {
    const rows = await this.#sql.query<{ bytes: string }>(
      `select coalesce(sum(e.size_bytes), 0)::text as bytes
       from generate_series(1, ${grownDays}) as d(day) left join evidence e
         on e.organization_id = $1 and e.blob is not null
         and e.changed_at > $2::timestamptz - interval '1 day' * (${grownDays} - d.day + 1)
         and e.changed_at <= $2::timestamptz - interval '1 day' * (${grownDays} - d.day)
       group by d.day order by d.day`,
      [organizationId, now],
    );
    return rows.map(row => Number(row.bytes));
  }
}
