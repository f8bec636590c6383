import * as z from 'zod/mini';
import { line, parseWith, random128, sequence, serverId, wireVersion } from './primitives.ts';

/**
 * Windows came up again: `POST /v1/booted`, sent by the healthy Windows. Only this makes an attempt healed.
 */
export const booted = z.object({
  version: wireVersion,
  episode: random128,
  sequence,
  attemptId: z.optional(serverId),
  agentVersion: line,
  osBuild: z.optional(z.int().check(z.positive())),
});
export type Booted = z.infer<typeof booted>;

export const parseBooted = (input: unknown) => parseWith(booted, input);

export const bootedExample: Booted = {
  version: 1,
  episode: '0f1e2d3c4b5a69788796a5b4c3d2e1f0',
  sequence: 3,
  attemptId: '01900000-0000-7000-8000-000000000001',
  agentVersion: '0.1.0',
  osBuild: 22631,
};
