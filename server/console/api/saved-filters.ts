import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type SavedFilter, savedFilterEndpoints } from '../../../shared/api/saved-filter.ts';
import { call } from './call.ts';

const queryKey = ['saved-filters'];

/** The filters of the list that this person keeps. */
export const useSavedFilters = () =>
  useQuery({
    queryKey,
    queryFn: async ({ signal }) => (await call(savedFilterEndpoints.list, { signal })).filters,
    staleTime: 60_000,
  });

/** Keeps a filter, or forgets it. */
export function useFilterChange() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (change: { readonly save: SavedFilter } | { readonly forget: string }) =>
      'save' in change
        ? call(savedFilterEndpoints.save, { body: change.save })
        : call(savedFilterEndpoints.forget, { params: { name: change.forget } }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey }),
  });
}
