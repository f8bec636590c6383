import type { RuleTrial } from '../../../shared/api/known-issue.ts';
import type { Sql } from '../../db/sql.ts';

interface Named {
  readonly knownIssueId: string;
  readonly version: number;
  readonly now: Date;
}

/** What a back-test of a version came to: one row each, from its beginning on. */
export class BackTestStore {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /** False when one is running and was heard of since `silentSince`. */
  async begin(organizationId: string, test: Named & { total: number; silentSince: Date }): Promise<boolean> {
    const begun = await this.#sql.query(
      `insert into back_test as b (organization_id, known_issue_id, version, state, done, total, started_at, changed_at)
       values ($1, $2, $3, 'running', 0, $4, $5, $5)
       on conflict (organization_id, known_issue_id, version) do update set state = 'running', done = 0,
         total = excluded.total, result = null, started_at = excluded.started_at, changed_at = excluded.changed_at
       where b.state <> 'running' or b.changed_at < $6
       returning version`,
      [organizationId, test.knownIssueId, test.version, test.total, test.now, test.silentSince],
    );
    return begun.length > 0;
  }

  async progress(organizationId: string, test: Named & { done: number }): Promise<void> {
    await this.#sql.query(
      `update back_test set done = $4, total = greatest(total, $4), changed_at = $5
       where organization_id = $1 and known_issue_id = $2 and version = $3`,
      [organizationId, test.knownIssueId, test.version, test.done, test.now],
    );
  }

  async end(
    organizationId: string,
    test: Named & { state: 'finished' | 'failed'; trial: RuleTrial | undefined },
  ): Promise<void> {
    await this.#sql.query(
      `update back_test set state = $4, result = $5::jsonb, changed_at = $6,
         done = coalesce(tried, done), total = coalesce(tried, total)
       from (select ($5::jsonb ->> 'incidents')::integer + ($5::jsonb #>> '{healthy,devices}')::integer as tried) t
       where organization_id = $1 and known_issue_id = $2 and version = $3`,
      [
        organizationId,
        test.knownIssueId,
        test.version,
        test.state,
        test.trial === undefined ? null : JSON.stringify(test.trial),
        test.now,
      ],
    );
  }
}
