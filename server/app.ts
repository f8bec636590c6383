import type { LiveEvent } from '../shared/api/live-event.ts';
import type { BlobStore } from './blobs/blob-store.ts';
import type { Config } from './config.ts';
import type { Database } from './db/database.ts';
import type { Leases } from './db/leases.ts';
import { Access } from './features/access/access.ts';
import { consoleRoutes as accessRoutes } from './features/access/access-routes.ts';
import { AuditLog } from './features/audit/audit-log.ts';
import { EventStream } from './http/event-stream.ts';
import type { TimedWorks } from './jobs/schedule.ts';
import type { Log } from './logging/log.ts';

/** What the features are made from. */
export interface AppParts {
  readonly config: Config;
  readonly database: Database;
  readonly blobs: BlobStore;
  readonly leases: Leases;
  /** Folder of the server's own keys. */
  readonly keysDir: string;
  readonly log: Log;
  readonly clock: () => Date;
}

/** Constructs every feature and hands each what it needs of the others: the one place that knows them all. */
export function buildApp({ config, database, leases, clock }: AppParts) {
  const { organizationId } = config;
  const events = new EventStream<LiveEvent>();
  const audit = new AuditLog(clock);
  const access = new Access({ database, audit, organizationId, now: clock });

  const works: TimedWorks = {
    failSilentDevices: async () => {},
    expireEvidence: async () => {},
    async forgetExpired(now) {
      await access.forgetExpired(now);
      await leases.forgetExpired();
    },
  };
  return {
    features: { audit, access },
    events,
    deviceRoutes: [],
    consoleRoutes: [accessRoutes({ access })],
    works,
  };
}
