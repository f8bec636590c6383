import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import list from '../../parts/place-list.module.css';
import { SearchField } from '../../parts/search-field.tsx';
import { MarkShape } from '../../parts/state-mark.tsx';
import { markWords, marks } from '../../words/states.ts';
import { type Counts, countAll, countOf } from '../../words/verdict.ts';
import type { IncidentsSearch } from './incidents-search.ts';
import styles from './incidents.module.css';

interface IncidentFiltersProps {
  readonly counts: Counts | undefined;
  readonly search: IncidentsSearch;
  readonly onSearch: (text: string) => void;
  readonly newCount: number;
  readonly onShowNew: () => void;
}

/** How many machines are in each state, each a filter; the search; and what is new since the reader came. */
export function IncidentFilters({ counts, search, onSearch, newCount, onShowNew }: IncidentFiltersProps) {
  return (
    <div className={list.tools}>
      <nav className={list.chips} aria-label="Filter by state">
        <Chip search={search} mark={undefined} count={counts && countAll(counts)} />
        {marks.map(mark => (
          <Chip key={mark} search={search} mark={mark} count={counts && countOf(counts, mark)} />
        ))}
      </nav>
      <div className={styles.find}>
        <div aria-live="polite">
          {newCount > 0 && (
            <Button size="compact-sm" variant="light" onClick={onShowNew}>
              Show {newCount >= 100 ? '100+' : newCount} new
            </Button>
          )}
        </div>
        <SearchField
          what="incidents"
          placeholder="Device, code, cause, driver"
          text={search.search ?? ''}
          onSearch={onSearch}
        />
      </div>
    </div>
  );
}

interface ChipProps {
  readonly search: IncidentsSearch;
  readonly mark: (typeof marks)[number] | undefined;
  readonly count: number | undefined;
}

function Chip({ search, mark, count }: ChipProps) {
  const rest = search.search === undefined ? {} : { search: search.search };
  const isCurrent = search.state === mark;
  return (
    <Link
      to="/incidents"
      search={mark === undefined ? rest : { ...rest, state: mark }}
      replace
      resetScroll={false}
      aria-current={isCurrent ? 'true' : undefined}
      data-none={count === 0 || undefined}
      activeOptions={{ exact: true, explicitUndefined: true }}
      activeProps={{}}
    >
      {mark !== undefined && <MarkShape mark={mark} size={12} />}
      {mark === undefined ? 'All' : markWords[mark]}
      <b>{count === undefined ? '–' : count.toLocaleString('en')}</b>
    </Link>
  );
}
