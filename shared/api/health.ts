import * as z from 'zod/mini';

/** `GET /health` (the process runs) and `GET /ready` (it can serve: 503 until the database answers). */
export const health = z.object({
  status: z.enum(['ok', 'not-ready']),
  version: z.string(),
  checks: z.record(z.string(), z.enum(['ok', 'failing'])),
});
export type Health = z.infer<typeof health>;
