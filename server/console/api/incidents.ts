import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
  useInfiniteQuery,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { useEffect } from 'react';
import { addressOf } from '../../../shared/api/endpoint.ts';
import { type IncidentQuery, type IncidentRow, incidentEndpoints } from '../../../shared/api/incident.ts';
import { type Mark, statesOf } from '../words/states.ts';
import { areNamesHidden } from './hidden-names.ts';
import { call } from './call.ts';
import { rereadMs } from './query-client.ts';
import { here } from './place.ts';

/** What the list is narrowed to. */
export interface IncidentFilter {
  readonly mark?: Mark | undefined;
  readonly search?: string | undefined;
}

const pageRows = 100;
const headRows = 100;

const isNarrowed = ({ mark, search }: IncidentFilter) => mark !== undefined || (search ?? '') !== '';

/** Names are left out where this person wants it. */
const names = () => (areNamesHidden() ? 'hidden' : undefined);

const queryOf = ({ mark, search }: IncidentFilter, limit: number, before?: string): IncidentQuery => ({
  limit: String(limit),
  state: mark === undefined ? undefined : statesOf(mark).join(','),
  search: search === '' ? undefined : search,
  before,
  names: names(),
});

const pagesQuery = (filter: IncidentFilter) =>
  infiniteQueryOptions({
    queryKey: ['incidents', filter.mark ?? '', filter.search ?? ''],
    queryFn: ({ pageParam, signal }) =>
      call(incidentEndpoints.list, { query: queryOf(filter, pageRows, pageParam), signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: page => page.next,
    // The reader's place is theirs: pages change only when the reader asks; the head brings news.
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  });

const headQuery = (filter: IncidentFilter) =>
  queryOptions({
    queryKey: ['incidents-head', filter.mark ?? '', filter.search ?? ''],
    queryFn: ({ signal }) => call(incidentEndpoints.list, { query: queryOf(filter, headRows), signal }),
    refetchInterval: rereadMs,
  });

const empty: IncidentFilter = {};

/** The list as the reader left it, with changed rows brought up to date in place and newer ones counted, not moved. */
export function useIncidentList(filter: IncidentFilter) {
  const queryClient = useQueryClient();
  const pages = useInfiniteQuery(pagesQuery(filter));
  const all = useQuery(headQuery(empty));
  const narrowed = useQuery({ ...headQuery(filter), enabled: isNarrowed(filter) });
  const head = isNarrowed(filter) ? narrowed.data : all.data;

  const changed = new Map(
    [...(all.data?.incidents ?? []), ...(head?.incidents ?? [])].map(row => [row.incidentId, row]),
  );
  const loaded = new Set<string>();
  const rows: IncidentRow[] = [];
  for (const row of pages.data?.pages.flatMap(page => page.incidents) ?? []) {
    if (loaded.has(row.incidentId)) continue;
    loaded.add(row.incidentId);
    const newer = changed.get(row.incidentId);
    rows.push(newer !== undefined && newer.changedAt > row.changedAt ? newer : row);
  }
  const newest = pages.data?.pages[0]?.incidents[0]?.changedAt ?? '';
  const offered = (head?.incidents ?? []).filter(
    row => !loaded.has(row.incidentId) && row.changedAt > newest,
  );

  // an empty list has no place to keep: what comes first is shown at once
  const isFirst = rows.length === 0 && offered.length > 0;
  const { refetch } = pages;
  useEffect(() => {
    if (isFirst) void refetch();
  }, [isFirst, refetch]);

  return {
    rows: isFirst ? offered : rows,
    counts: all.data?.counts ?? pages.data?.pages[0]?.counts,
    isPending: pages.isPending,
    /** What went wrong while nothing could be shown yet. */
    error: pages.data === undefined ? pages.error : null,
    isStale: pages.data !== undefined && (all.error ?? pages.error) !== null,
    newCount: pages.data === undefined || isFirst ? 0 : offered.length,
    hasMore: pages.hasNextPage,
    isLoadingMore: pages.isFetchingNextPage,
    loadMore: pages.fetchNextPage,
    retry: pages.refetch,
    /** Starts again at the top with everything new. */
    async showNew() {
      await queryClient.cancelQueries({ queryKey: ['incidents'] });
      const { queryKey } = pagesQuery(filter);
      queryClient.setQueryData(queryKey, data =>
        data === undefined
          ? data
          : { pages: data.pages.slice(0, 1), pageParams: data.pageParams.slice(0, 1) },
      );
      await pages.refetch();
    },
  };
}

/** The newest incidents that a text fits. */
export const useIncidentsLike = (text: string) =>
  useQuery({
    queryKey: ['incidents-like', text],
    queryFn: ({ signal }) =>
      call(incidentEndpoints.list, { query: queryOf({ search: text.slice(0, 100) }, 12), signal }),
    placeholderData: keepPreviousData,
  });

/** Everything about one incident, kept true by live events. */
export const useIncident = (incidentId: string) =>
  useQuery({
    queryKey: ['incident', incidentId],
    queryFn: ({ signal }) =>
      call(incidentEndpoints.get, { params: { incidentId }, query: { names: names() }, signal }),
    refetchInterval: query => (query.state.error !== null ? 4000 : rereadMs),
  });

/** Where a piece of evidence is downloaded; without names while they are hidden. */
export const evidencePath = (incidentId: string, evidenceId: string): string =>
  here(
    addressOf(incidentEndpoints.evidence, { params: { incidentId, evidenceId }, query: { names: names() } }),
  );
