import type { Sql } from '../../db/sql.ts';

/** A reading that this process claimed. */
export interface ClaimedReading {
  readonly organizationId: string;
  readonly workId: string;
  readonly incidentId: string;
  readonly evidenceId: string;
  readonly attemptsLeft: number;
}

/** Evidence that waits to be read; many processes may claim from it at once. */
export class ReadingQueueStore {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /** Claims the reading that is due longest; a claim that is not finished in time is free again. */
  async claim(now: Date, claimedUntil: Date): Promise<ClaimedReading | undefined> {
    const [claimed] = await this.#sql.query<ClaimedReading>(
      `update work_item w set claimed_until = $2, attempts_left = attempts_left - 1
       from (
         select organization_id, work_id from work_item
         where kind = 'read-evidence' and run_after <= $1 and (claimed_until is null or claimed_until < $1)
         order by run_after limit 1 for update skip locked
       ) as due
       where w.organization_id = due.organization_id and w.work_id = due.work_id
       returning w.organization_id as "organizationId", w.work_id as "workId",
         w.payload ->> 'incidentId' as "incidentId", w.payload ->> 'evidenceId' as "evidenceId",
         w.attempts_left as "attemptsLeft"`,
      [now, claimedUntil],
    );
    return claimed;
  }

  async remove({ organizationId, workId }: ClaimedReading): Promise<void> {
    await this.#sql.query(`delete from work_item where organization_id = $1 and work_id = $2`, [
      organizationId,
      workId,
    ]);
  }

  async retryLater({ organizationId, workId }: ClaimedReading, runAfter: Date, why: string): Promise<void> {
    await this.#sql.query(
      `update work_item set claimed_until = null, run_after = $3, last_error = $4
       where organization_id = $1 and work_id = $2`,
      [organizationId, workId, runAfter, why],
    );
  }
}
