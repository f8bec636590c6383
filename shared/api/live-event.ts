import * as z from 'zod/mini';
import { endpoint } from './endpoint.ts';

/**
 * Something changed, read it again. Events may be lost or doubled; the console reads the truth from the API and
 * refreshes after every reconnect.
 */
export const liveEvent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('incident'), incidentId: z.string(), at: z.iso.datetime() }),
  /** A locked machine asks for its recovery key, and a person stands in front of it. */
  z.object({ kind: z.literal('key-request'), at: z.iso.datetime() }),
  /** Somebody saved, signed, accepted or took back something. */
  z.object({ kind: z.literal('deed'), at: z.iso.datetime() }),
]);
export type LiveEvent = z.infer<typeof liveEvent>;

export const liveEndpoints = {
  events: endpoint({
    method: 'GET',
    path: '/api/events',
    role: 'viewer',
    summary: 'Server-sent events: something changed, read it again.',
    status: 200,
    answer: 'events',
  }),
};
