import * as z from 'zod/mini';
import { endpoint } from './endpoint.ts';

/** The text that is looked for. */
export const searchQuery = z.object({ for: z.string().check(z.minLength(1), z.maxLength(100)) });
export const searchHit = z.object({
  kind: z.enum(['incident', 'device', 'known-issue', 'remediation']),
  id: z.string(),
  title: z.string(),
  /** What tells it from others of its kind. */
  detail: z.optional(z.string()),
});
export type SearchHit = z.infer<typeof searchHit>;
export const searchAnswer = z.object({ hits: z.array(searchHit) });
export type SearchAnswer = z.infer<typeof searchAnswer>;

export const searchEndpoints = {
  find: endpoint({
    method: 'GET',
    path: '/api/search',
    role: 'viewer',
    summary: 'What a text may mean, a few of each kind.',
    query: searchQuery,
    status: 200,
    answer: searchAnswer,
  }),
};
