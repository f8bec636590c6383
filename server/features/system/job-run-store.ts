import type { Sql } from '../../db/sql.ts';
import type { JobRun } from '../../jobs/job-runner.ts';

/** The last run of each job, whichever server ran it. */
export class JobRunStore {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  async keep({ name, startedAt, durationMs, error }: JobRun): Promise<void> {
    await this.#sql.query(
      `insert into job_run as r (name, started_at, duration_ms, error) values ($1, $2, $3, $4)
       on conflict (name) do update set started_at = excluded.started_at, duration_ms = excluded.duration_ms,
         error = excluded.error
       where r.started_at <= excluded.started_at`,
      [name, startedAt, durationMs, error],
    );
  }

  list(): Promise<JobRun[]> {
    return this.#sql.query<JobRun>(
      'select name, started_at as "startedAt", duration_ms as "durationMs", error from job_run',
    );
  }
}
