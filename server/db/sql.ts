/** One row as the driver gives it. */
export type Row = Record<string, unknown>;

/**
 * What a store runs its statements on: the database, or a transaction of it.
 * `bigint` columns come as numbers, `bytea` as Buffer, `jsonb` parsed, `timestamptz` as Date.
 */
export interface Sql {
  query<Result extends object = Row>(text: string, values?: readonly unknown[]): Promise<Result[]>;
}

/** Runs work in one transaction; it is repeated as a whole when the database asks for that. */
export interface Transactions {
  transaction<Result>(work: (sql: Sql) => Promise<Result>): Promise<Result>;
}
