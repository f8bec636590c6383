import { after } from 'node:test';
import { Database } from '../../server/db/database.ts';
import { type Cluster, startCluster } from './cluster.ts';

export interface TestDatabase {
  readonly database: Database;
  readonly url: string;
  /** Closes its connections; the end of the test file does so too. */
  close(): Promise<void>;
}

let cluster: Promise<Cluster> | undefined;
let made = 0;
const open = new Set<Database>();

after(async () => {
  for (const database of open) await database.close();
  await (await cluster)?.stop();
});

/** A fresh, migrated database of its own; everything about it is gone when the test file ends. */
export async function withDatabase(): Promise<TestDatabase> {
  cluster ??= startCluster();
  const { url } = await cluster;
  const name = `test_${++made}`;
  const admin = new Database({ url: inDatabase(url, 'template1'), maxConnections: 1 });
  await admin.query(`create database ${name} template postgres`);
  await admin.close();
  const own = inDatabase(url, name);
  const database = new Database({ url: own });
  open.add(database);
  return {
    database,
    url: own,
    async close() {
      if (open.delete(database)) await database.close();
    },
  };
}

function inDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}
