import * as z from 'zod/mini';
import { endpoint } from './endpoint.ts';

export const logLevel = z.enum(['error', 'warn', 'info', 'debug']);
export type SystemLogLevel = z.infer<typeof logLevel>;

/** Work on a timer, with how its last run ended. */
export const jobView = z.object({
  name: z.string(),
  /** When, as a cron expression in UTC. */
  when: z.string(),
  lastStartedAt: z.optional(z.iso.datetime()),
  lastDurationMs: z.optional(z.int()),
  /** Why the last run failed; absent when it did not. */
  lastError: z.optional(z.string()),
  /** Absent where this process runs no jobs. */
  nextAt: z.optional(z.iso.datetime()),
});
export type JobView = z.infer<typeof jobView>;

/** The disk and the database: what lies there and how it grows. */
export const storageView = z.object({
  databaseBytes: z.int(),
  disk: z.object({ freeBytes: z.int(), totalBytes: z.int() }),
  evidence: z.array(z.object({ kind: z.string(), pieces: z.int(), bytes: z.int() })),
  /** Evidence that came in each of the last 14 days, oldest first, in bytes. */
  grown: z.array(z.int()),
  oldestAt: z.optional(z.iso.datetime()),
  retentionDays: z.int(),
});
export type StorageView = z.infer<typeof storageView>;

/** How much the server tells in its log. */
export const logLevelView = z.object({
  level: logLevel,
  /** The level of the settings, to which it goes back. */
  usual: logLevel,
  endsAt: z.optional(z.iso.datetime()),
});
export type LogLevelView = z.infer<typeof logLevelView>;

export const changeLogLevel = z.object({
  level: logLevel,
  minutes: z.int().check(z.minimum(1), z.maximum(240)),
});
export type ChangeLogLevel = z.infer<typeof changeLogLevel>;

export const systemEndpoints = {
  jobs: endpoint({
    method: 'GET',
    path: '/api/system/jobs',
    role: 'operator',
    summary: 'Everything that runs on a timer, with how its last run ended.',
    status: 200,
    answer: z.object({ jobs: z.array(jobView) }),
  }),
  storage: endpoint({
    method: 'GET',
    path: '/api/system/storage',
    role: 'operator',
    summary: 'What lies on the disk and in the database, and how it grows.',
    status: 200,
    answer: storageView,
  }),
  logLevel: endpoint({
    method: 'GET',
    path: '/api/system/log-level',
    role: 'operator',
    summary: 'How much the server tells in its log.',
    status: 200,
    answer: logLevelView,
  }),
  changeLogLevel: endpoint({
    method: 'PUT',
    path: '/api/system/log-level',
    role: 'admin',
    summary: 'Tells more or less in the log for some minutes; then it goes back by itself.',
    body: changeLogLevel,
    status: 200,
    answer: logLevelView,
  }),
};
