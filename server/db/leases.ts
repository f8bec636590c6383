import type { Sql } from './sql.ts';

/** Names that at most one server holds at a time, each until its time is up. Works on every cluster, unlike locks. */
export class Leases {
  readonly #sql: Sql;
  readonly #owner: string;

  constructor(sql: Sql, owner: string) {
    this.#sql = sql;
    this.#owner = owner;
  }

  /** Takes a lease that nobody holds now, by the clock of the database. */
  async tryTake(name: string, seconds: number): Promise<boolean> {
    const taken = await this.#sql.query(
      `insert into lease as held (name, owner, until)
       values ($1, $2, now() + make_interval(secs => $3))
       on conflict (name) do update set owner = excluded.owner, until = excluded.until
       where held.until < now()
       returning held.name`,
      [name, this.#owner, seconds],
    );
    return taken.length > 0;
  }

  /** Gives a lease back before its time, if it is still ours. */
  async release(name: string): Promise<void> {
    await this.#sql.query('delete from lease where name = $1 and owner = $2', [name, this.#owner]);
  }

  /** Forgets leases that ended; gives their number. */
  async forgetExpired(): Promise<number> {
    return (await this.#sql.query('delete from lease where until < now() returning name')).length;
  }
}
