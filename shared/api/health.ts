import * as z from 'zod/mini';
import { endpoint } from './endpoint.ts';

/** Whether the server runs and can serve. */
export const health = z.object({
  status: z.enum(['ok', 'not-ready']),
  version: z.string(),
  checks: z.record(z.string(), z.enum(['ok', 'failing'])),
});
export type Health = z.infer<typeof health>;

export const healthEndpoints = {
  health: endpoint({
    method: 'GET',
    path: '/health',
    role: 'anyone',
    summary: 'The process runs.',
    status: 200,
    answer: health,
  }),
  ready: endpoint({
    method: 'GET',
    path: '/ready',
    role: 'anyone',
    summary: 'The server can serve; 503 until its database answers.',
    status: 200,
    answer: health,
  }),
};
