import type { Role } from '../../../shared/api/session.ts';
import type { Sql } from '../../db/sql.ts';

export interface SecondFactorRow {
  readonly accountId: string;
  readonly role: Role;
  /** Null when the account has none. */
  readonly sealed: Buffer | null;
  readonly lastStep: number | null;
  readonly failures: number | null;
}

/** Second factors of accounts. */
export class SecondFactorStore {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /** The account of that name with its second factor, held until the transaction ends; undefined when there is none. */
  async lock(organizationId: string, name: string): Promise<SecondFactorRow | undefined> {
    const [found] = await this.#sql.query<SecondFactorRow>(
      `select account_id as "accountId", role, sealed, last_step as "lastStep", failures
       from account left join account_second_factor using (organization_id, account_id)
       where organization_id = $1 and name = $2 for update of account`,
      [organizationId, name],
    );
    return found;
  }

  async replace(organizationId: string, accountId: string, sealed: Uint8Array, now: Date): Promise<void> {
    await this.#sql.query(
      `insert into account_second_factor (organization_id, account_id, sealed, made_at) values ($1, $2, $3, $4)
       on conflict (organization_id, account_id) do update
         set sealed = excluded.sealed, made_at = excluded.made_at, last_step = 0, failures = 0`,
      [organizationId, accountId, sealed, now],
    );
  }

  async noteUse(organizationId: string, accountId: string, step: number | undefined): Promise<void> {
    await this.#sql.query(
      `update account_second_factor
       set last_step = coalesce($3, last_step), failures = case when $3::bigint is null then failures + 1 else 0 end
       where organization_id = $1 and account_id = $2`,
      [organizationId, accountId, step ?? null],
    );
  }
}
