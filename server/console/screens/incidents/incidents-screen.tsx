import { Skeleton } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useIncidentList } from '../../api/incidents.ts';
import { usePageHead } from '../../frame/page-head.ts';
import { PageProblem } from '../../parts/page-problem.tsx';
import { Verdict } from '../../parts/verdict.tsx';
import { countAll, countOf, listVerdict, worstMark } from '../../words/verdict.ts';
import { FreshInstall } from './fresh-install.tsx';
import { IncidentFilters } from './incident-filters.tsx';
import { IncidentTable } from './incident-table.tsx';
import { type IncidentsSearch } from './incidents-search.ts';
import { ListSkeleton } from './list-skeleton.tsx';
import { NoneFound } from './none-found.tsx';
import { SavedFilters } from './saved-filters.tsx';
import { keepPlace } from './reader-place.ts';

/** Every incident, the newest change first; the first line says how things stand. */
export function IncidentsScreen() {
  const search = useSearch({ from: '/frame/incidents' });
  const navigate = useNavigate({ from: '/incidents' });
  const list = useIncidentList({ mark: search.state, search: search.search });
  useEffect(() => keepPlace(search), [search]);

  const { counts } = list;
  const needing = counts === undefined ? 0 : countOf(counts, 'person') + countOf(counts, 'down');
  usePageHead(
    needing === 0 ? 'Incidents' : `(${needing.toLocaleString('en')}) Incidents`,
    counts === undefined ? undefined : worstMark(counts),
  );

  const change = (next: Partial<Record<keyof IncidentsSearch, string | undefined>>) =>
    void navigate({
      search: before => ({ ...before, ...next }) as IncidentsSearch,
      replace: true,
      resetScroll: false,
    });

  if (list.error !== null)
    return <PageProblem error={list.error} what="the incidents" onRetry={() => void list.retry()} />;
  if (counts !== undefined && countAll(counts) === 0) return <FreshInstall />;
  const isNarrowed = search.state !== undefined || search.search !== undefined;
  return (
    <>
      {counts === undefined ? (
        <Skeleton height={30} width={420} maw="80%" mt={2} />
      ) : (
        <Verdict>{listVerdict(counts)}</Verdict>
      )}
      <SavedFilters search={search} />
      <IncidentFilters
        counts={counts}
        search={search}
        onSearch={text => change({ search: text === '' ? undefined : text, selected: undefined })}
        newCount={list.newCount}
        onShowNew={() => {
          window.scrollTo({ top: 0 });
          void list.showNew();
        }}
      />
      {list.isPending ? (
        <ListSkeleton />
      ) : list.rows.length === 0 ? (
        <NoneFound search={search} isNarrowed={isNarrowed} />
      ) : (
        <IncidentTable list={list} selected={search.selected} onSelect={selected => change({ selected })} />
      )}
    </>
  );
}
