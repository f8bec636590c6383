import * as z from 'zod/mini';
import { endpoint } from './endpoint.ts';
import { incidentState } from './incident.ts';

/** Why machines are down: a known issue, a crash that nobody explained, or nothing that is known yet. */
export const nowCause = z.object({
  kind: z.enum(['known-issue', 'crash', 'unknown']),
  /** Id of the known issue or signature of the crash; empty when nothing is known. */
  id: z.string(),
  title: z.string(),
  /** Machines that nothing heals yet, those that need a person among them. */
  down: z.int(),
  needPerson: z.int(),
  healing: z.int(),
  healedToday: z.int(),
  /** Machines that called for help in each of the last 24 hours, oldest first. */
  trend: z.array(z.int()),
});
export type NowCause = z.infer<typeof nowCause>;

/** How the fleet stands, for the first screen. */
export const now = z.object({
  at: z.iso.datetime(),
  /** Incidents by state over everything. */
  counts: z.record(incidentState, z.int()),
  /** The last 24 hours in steps, oldest first: machines down at the end of each step, healed during it. */
  curve: z.object({
    startAt: z.iso.datetime(),
    stepMinutes: z.int(),
    down: z.array(z.int()),
    healed: z.array(z.int()),
  }),
  /** The causes with most machines down or in the last day, at most a dozen. */
  causes: z.array(nowCause),
  devices: z.object({ active: z.int(), pending: z.int(), toldReadiness: z.int(), ready: z.int() }),
  /** Locked machines that wait for their recovery key, each with a person in front of it. */
  keyRequests: z.int(),
  /** The newest agent, when the server halted it because machines that took it failed or fell silent. */
  haltedRelease: z.optional(z.object({ number: z.int(), version: z.string() })),
});
export type Now = z.infer<typeof now>;

export const nowEndpoints = {
  read: endpoint({
    method: 'GET',
    path: '/api/now',
    role: 'viewer',
    summary: 'How the fleet stands, for the first screen.',
    status: 200,
    answer: now,
  }),
};
