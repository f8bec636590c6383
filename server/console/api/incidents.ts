import {
  infiniteQueryOptions,
  queryOptions,
  useInfiniteQuery,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { useEffect } from 'react';
import { type IncidentRow, incidentDetail, incidentList } from '../../../shared/api/incident.ts';
import { type Mark, statesOf } from '../words/states.ts';
import { areNamesHidden } from './hidden-names.ts';
import { request } from './request.ts';

/** What the list is narrowed to. */
export interface IncidentFilter {
  readonly mark?: Mark | undefined;
  readonly search?: string | undefined;
}

const pageRows = 100;
const headRows = 100;

const isNarrowed = ({ mark, search }: IncidentFilter) => mark !== undefined || (search ?? '') !== '';

function listPath({ mark, search }: IncidentFilter, limit: number, before?: string): string {
  const query = new URLSearchParams({ limit: String(limit) });
  if (mark !== undefined) query.set('state', statesOf(mark).join(','));
  if (search !== undefined && search !== '') query.set('search', search);
  if (before !== undefined) query.set('before', before);
  if (areNamesHidden()) query.set('names', 'hidden');
  return `/api/incidents?${query.toString()}`;
}

const detailPath = (incidentId: string) =>
  `/api/incidents/${encodeURIComponent(incidentId)}${areNamesHidden() ? '?names=hidden' : ''}`;

const pagesQuery = (filter: IncidentFilter) =>
  infiniteQueryOptions({
    queryKey: ['incidents', filter.mark ?? '', filter.search ?? ''],
    queryFn: ({ pageParam, signal }) =>
      request(incidentList, listPath(filter, pageRows, pageParam), { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: page => page.next,
    // The reader's place is theirs: pages change only when the reader asks; the head brings news.
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  });

const headQuery = (filter: IncidentFilter) =>
  queryOptions({
    queryKey: ['incidents-head', filter.mark ?? '', filter.search ?? ''],
    queryFn: ({ signal }) => request(incidentList, listPath(filter, headRows), { signal }),
    refetchInterval: 30_000,
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

/** Everything about one incident, kept true by live events. */
export const useIncident = (incidentId: string) =>
  useQuery({
    queryKey: ['incident', incidentId],
    queryFn: ({ signal }) => request(incidentDetail, detailPath(incidentId), { signal }),
    refetchInterval: query => (query.state.error !== null ? 4000 : 30_000),
  });

/** Where a piece of evidence is downloaded; without names while they are hidden. */
export const evidencePath = (incidentId: string, evidenceId: string): string =>
  `/api/incidents/${encodeURIComponent(incidentId)}/evidence/${encodeURIComponent(evidenceId)}${areNamesHidden() ? '?names=hidden' : ''}`;
