import * as z from 'zod/mini';

/**
 * `GET /api/events` (server-sent events): something changed, read it again. Events may be lost or doubled;
 * the console reads the truth from the API and refreshes after every reconnect.
 */
export const liveEvent = z.object({
  kind: z.literal('incident'),
  incidentId: z.string(),
  at: z.iso.datetime(),
});
export type LiveEvent = z.infer<typeof liveEvent>;
