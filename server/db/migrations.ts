import path from 'node:path';
import { runner } from 'node-pg-migrate';
import pg from 'pg';
import type { Log } from '../logging/log.ts';
import { DatabaseUnavailable, isAway } from './database-unavailable.ts';

const migrationsDir = path.resolve(import.meta.dirname, '../../migrations');

/** Brings the tables to their newest form. Servers that start together wait for each other. */
export async function migrate(url: string, log: Log): Promise<void> {
  const client = new pg.Client({ connectionString: url, application_name: 'bootmend migrations' });
  client.on('error', () => {});
  try {
    await client.connect();
    const ran = await runner({
      dbClient: client,
      dir: migrationsDir,
      direction: 'up',
      migrationsTable: 'migration',
      advisoryLockMode: 'wait',
      logger: silent,
    });
    for (const { name } of ran) log.info('migration applied', { migration: name });
  } catch (error) {
    throw isAway(error) ? new DatabaseUnavailable(error) : error;
  } finally {
    await client.end().catch(() => {});
  }
}

const silent = { debug() {}, info() {}, warn() {}, error() {} };
