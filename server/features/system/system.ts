import { statfs } from 'node:fs/promises';
import type { JobView, StorageView } from '../../../shared/api/system.ts';
import type { Sql } from '../../db/sql.ts';
import type { JobRun } from '../../jobs/job-runner.ts';
import { StorageRead } from './storage-read.ts';

/** What runs on a timer, as the runner knows it. */
export interface KnownJob {
  readonly name: string;
  readonly when: string;
  readonly nextAt: Date | undefined;
}

interface Parts {
  readonly sql: Sql;
  readonly clock: () => Date;
  readonly dataDir: string;
  readonly retentionDays: number;
  readonly listJobs: () => readonly KnownJob[];
  readonly listRuns: () => Promise<readonly JobRun[]>;
}

/** How the server itself is. */
export class System {
  readonly #parts: Parts;
  readonly #read: StorageRead;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#read = new StorageRead(parts.sql);
  }

  async jobs(): Promise<JobView[]> {
    const runs = new Map((await this.#parts.listRuns()).map(run => [run.name, run]));
    return this.#parts.listJobs().map(({ name, when, nextAt }) => {
      const run = runs.get(name);
      return {
        name,
        when,
        ...(run && { lastStartedAt: run.startedAt.toISOString(), lastDurationMs: run.durationMs }),
        ...(run && run.error !== null && { lastError: run.error }),
        ...(nextAt && { nextAt: nextAt.toISOString() }),
      };
    });
  }

  async storage(organizationId: string): Promise<StorageView> {
    const { dataDir, retentionDays, clock } = this.#parts;
    const [databaseBytes, evidence, oldestAt, grown, disk] = await Promise.all([
      this.#read.databaseBytes(),
      this.#read.evidence(organizationId),
      this.#read.oldestAt(organizationId),
      this.#read.grown(organizationId, clock()),
      statfs(dataDir),
    ]);
    return {
      databaseBytes,
      disk: { freeBytes: disk.bavail * disk.bsize, totalBytes: disk.blocks * disk.bsize },
      evidence,
      grown,
      ...(oldestAt && { oldestAt: oldestAt.toISOString() }),
      retentionDays,
    };
  }
}
