import pg from 'pg';
import { DatabaseUnavailable, isAway } from './database-unavailable.ts';
import { Listener, type Wakeup } from './listener.ts';
import { retrySerialization } from './retry.ts';
import type { Row, Sql, Transactions } from './sql.ts';
import { columnTypes } from './column-types.ts';

export interface DatabaseOptions {
  readonly url: string;
  readonly maxConnections?: number;
  /** How long a request waits for a connection before the database counts as away. */
  readonly connectTimeoutMs?: number;
  /** How long one statement may take before the database counts as away; a stopped machine answers nothing at all. */
  readonly statementTimeoutMs?: number;
  /** Told about connections that broke while nobody used them. */
  readonly onConnectionLost?: (error: Error) => void;
}

/** The database: pooled statements, transactions and wake-ups. Throws `DatabaseUnavailable` while it is away. */
export class Database implements Sql, Transactions {
  readonly #pool: pg.Pool;
  readonly #listener: Listener;

  constructor(options: DatabaseOptions) {
    const {
      url,
      maxConnections = 10,
      connectTimeoutMs = 3000,
      statementTimeoutMs = 20_000,
      onConnectionLost,
    } = options;
    const connection = {
      connectionString: url,
      connectionTimeoutMillis: connectTimeoutMs,
      keepAlive: true,
      query_timeout: statementTimeoutMs,
      types: columnTypes,
      application_name: 'bootmend',
    };
    this.#pool = new pg.Pool({ ...connection, max: maxConnections, idleTimeoutMillis: 30_000 });
    this.#pool.on('error', error => onConnectionLost?.(error));
    this.#listener = new Listener(() => new pg.Client(connection));
  }

  async query<Result extends object = Row>(text: string, values: readonly unknown[] = []): Promise<Result[]> {
    try {
      const { rows } = await this.#pool.query(text, [...values]);
      return rows as Result[];
    } catch (error) {
      throw isAway(error) ? new DatabaseUnavailable(error) : error;
    }
  }

  /** Commits what `work` did, or nothing. `work` may run again after a serialization failure or a deadlock. */
  transaction<Result>(work: (sql: Sql) => Promise<Result>): Promise<Result> {
    return retrySerialization(() => this.#transactionOnce(work));
  }

  async #transactionOnce<Result>(work: (sql: Sql) => Promise<Result>): Promise<Result> {
    let client: pg.PoolClient | undefined;
    let broken = false;
    try {
      client = await this.#pool.connect();
      client.on('error', ignoreError);
      await client.query('begin');
      const result = await work(statementsOf(client));
      await client.query('commit');
      return result;
    } catch (error) {
      broken = isAway(error) || !(await client?.query('rollback').then(yes, no));
      throw isAway(error) ? new DatabaseUnavailable(error) : error;
    } finally {
      client?.off('error', ignoreError);
      client?.release(broken);
    }
  }

  /**
   * Calls `wake` whenever somebody notifies the channel, and once after every reconnect, since notifications may have
   * been missed. A wake-up only: the tables are the truth. The function that is returned ends it.
   */
  listen(channel: string, wake: Wakeup): Promise<() => Promise<void>> {
    return this.#listener.add(channel, wake);
  }

  /** Wakes the listeners of a channel; inside a transaction pass its `sql`, then they wake at commit. */
  async notify(channel: string, payload = '', sql: Sql = this): Promise<void> {
    await sql.query('select pg_notify($1, $2)', [channel, payload]);
  }

  /** The pool itself, for the session store of the console. */
  get pool(): pg.Pool {
    return this.#pool;
  }

  /** Lets running statements end, then closes every connection. */
  async close(): Promise<void> {
    await this.#listener.close();
    await this.#pool.end();
  }
}

const statementsOf = (client: pg.PoolClient): Sql => ({
  async query<Result extends object = Row>(text: string, values: readonly unknown[] = []) {
    const { rows } = await client.query(text, [...values]);
    return rows as Result[];
  },
});

const yes = () => true;
const no = () => false;
/** A connection that breaks between two statements tells it by event; the next statement fails and says so. */
const ignoreError = () => {};
