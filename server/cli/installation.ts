import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { buildApp } from '../app.ts';
import { FileBlobStore } from '../blobs/file-blob-store.ts';
import { type Config, readConfig } from '../config.ts';
import { Database } from '../db/database.ts';
import { startEmbeddedPostgres } from '../db/embedded/embedded-postgres.ts';
import { Leases } from '../db/leases.ts';
import { migrate } from '../db/migrations.ts';
import { ensureTlsIdentity } from '../http/tls-identity.ts';
import { createLog } from '../logging/winston-log.ts';
import { ensureSecret } from '../secret-files.ts';

/** The features of an installation, for one command; a server may run over it at the same time. */
export interface Installation {
  readonly config: Config;
  readonly database: Database;
  readonly features: ReturnType<typeof buildApp>['features'];
  readonly onlineKey: ReturnType<typeof buildApp>['onlineKey'];
  /** SHA-256 of the public key by which devices know the server. */
  readonly pin: string;
}

/**
 * Opens the installation that the environment names, as `npm start` would: its data directory and its database,
 * started for the time of the command when no server runs.
 */
export async function withInstallation(
  work: (installation: Installation) => Promise<number>,
): Promise<number> {
  const config = readConfig(process.env);
  const log = createLog({ level: 'error', format: 'pretty', stream: process.stderr });
  const keysDir = path.join(config.dataDir, 'keys');
  const postgres = config.databaseUrl
    ? { url: config.databaseUrl, stop: async () => {} }
    : await startEmbeddedPostgres({ dir: path.join(config.dataDir, 'postgres'), log });
  let database: Database | undefined;
  try {
    await migrate(postgres.url, log);
    database = new Database({ url: postgres.url, maxConnections: 2 });
    const blobs = new FileBlobStore(
      path.join(config.dataDir, 'evidence'),
      ensureSecret(path.join(keysDir, 'blob-key')),
    );
    const leases = new Leases(database, randomUUID());
    const { pin } = ensureTlsIdentity(keysDir);
    const clock = () => new Date();
    const app = buildApp({ config, database, blobs, leases, keysDir, pin, log, clock });
    return await work({ config, database, features: app.features, onlineKey: app.onlineKey, pin });
  } finally {
    await database?.close();
    await postgres.stop();
  }
}
