import { readdirSync } from 'node:fs';
import path from 'node:path';
import { Database } from './database.ts';

const migrationsDir = path.resolve(import.meta.dirname, '../../migrations');

/** What a look at a database says; nothing is changed. */
export interface DatabaseHealth {
  readonly version: string;
  /** Migrations of this release that the database has not had. */
  readonly missing: readonly string[];
  /** Migrations that this release does not know: the database belongs to a newer one. */
  readonly unknown: readonly string[];
  /** How far the database's clock is ahead of ours. */
  readonly clockAheadMs: number;
}

/** Looks at a database; throws when it does not answer. */
export async function readDatabaseHealth(url: string): Promise<DatabaseHealth> {
  const database = new Database({ url, maxConnections: 1 });
  try {
    const before = Date.now();
    const [row] = await database.query<{ version: string; now: Date }>(
      `select current_setting('server_version') as version, clock_timestamp() as now`,
    );
    const middle = (before + Date.now()) / 2;
    const [table] = await database.query<{ found: boolean }>(
      `select to_regclass('migration') is not null as found`,
    );
    const ran = table?.found
      ? await database.query<{ name: string }>('select name from migration order by name')
      : [];
    const had = new Set(ran.map(one => one.name));
    const known = readdirSync(migrationsDir)
      .filter(file => file.endsWith('.sql'))
      .map(file => path.basename(file, '.sql'))
      .sort();
    return {
      version: row!.version,
      missing: known.filter(name => !had.has(name)),
      unknown: [...had].filter(name => !known.includes(name)),
      clockAheadMs: Math.round(row!.now.getTime() - middle),
    };
  } finally {
    await database.close();
  }
}
