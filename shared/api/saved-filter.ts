import * as z from 'zod/mini';
import { endpoint } from './endpoint.ts';

/** A filter of the list of incidents, as its address says it. */
export const savedFilter = z.object({
  name: z.string().check(z.minLength(1), z.maxLength(60)),
  state: z.optional(z.string().check(z.maxLength(40))),
  search: z.optional(z.string().check(z.maxLength(200))),
});
export type SavedFilter = z.infer<typeof savedFilter>;

/** By name. */
export const savedFilterList = z.object({ filters: z.array(savedFilter) });

export const savedFilterEndpoints = {
  list: endpoint({
    method: 'GET',
    path: '/api/saved-filters',
    role: 'viewer',
    summary: 'The filters that whoever asks keeps for themselves.',
    status: 200,
    answer: savedFilterList,
  }),
  save: endpoint({
    method: 'POST',
    path: '/api/saved-filters',
    role: 'viewer',
    summary: 'Keeps a filter; one of the same name is replaced.',
    body: savedFilter,
    status: 204,
    answer: 'nothing',
  }),
  forget: endpoint({
    method: 'DELETE',
    path: '/api/saved-filters/:name',
    role: 'viewer',
    summary: 'Forgets a filter.',
    status: 204,
    answer: 'nothing',
  }),
};
