import * as z from 'zod/mini';
import { endpoint } from './endpoint.ts';

/** A newer agent and how far it got. */
export const agentReleaseRow = z.object({
  number: z.int(),
  version: z.string(),
  sizeBytes: z.int(),
  sha256: z.string(),
  state: z.enum(['running', 'halted']),
  /** Why it was halted: by a person, or `updated-machines-silent` by the server. */
  haltedBecause: z.optional(z.string()),
  /** Share of the machines, always the same ones first, that are offered it. */
  percent: z.int(),
  publishedAt: z.iso.datetime(),
  publishedBy: z.string(),
  machines: z.object({
    offered: z.int(),
    /** Have it and told nothing since. */
    fetched: z.int(),
    /** Of those, for longer than a day. */
    silent: z.int(),
    installed: z.int(),
    failed: z.int(),
  }),
});
export type AgentReleaseRow = z.infer<typeof agentReleaseRow>;

export const agentReleaseList = z.object({ releases: z.array(agentReleaseRow) });
export type AgentReleaseList = z.infer<typeof agentReleaseList>;

/** Steers a release: a share of the machines, a halt with its reason, or going on after one. */
export const steerAgentRelease = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('offer'), percent: z.int().check(z.minimum(0), z.maximum(100)) }),
  z.object({ kind: z.literal('halt'), reason: z.string().check(z.minLength(1), z.maxLength(200)) }),
  z.object({ kind: z.literal('resume') }),
]);
export type SteerAgentRelease = z.infer<typeof steerAgentRelease>;

export const agentReleaseEndpoints = {
  list: endpoint({
    method: 'GET',
    path: '/api/agent-releases',
    role: 'viewer',
    summary: 'Releases of the agent, the newest first, and how far each got.',
    status: 200,
    answer: agentReleaseList,
  }),
  steer: endpoint({
    method: 'POST',
    path: '/api/agent-releases/:number/steer',
    role: 'admin',
    summary: 'Offers a release to a share of the machines, halts it, or goes on after a halt.',
    body: steerAgentRelease,
    status: 204,
    answer: 'nothing',
  }),
};
