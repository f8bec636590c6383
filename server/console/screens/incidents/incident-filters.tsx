import { Button, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { Link } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { useShortcuts } from '../../frame/shortcuts.tsx';
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
    <div className={styles.tools}>
      <nav className={styles.chips} aria-label="Filter by state">
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
        <SearchField text={search.search ?? ''} onSearch={onSearch} />
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
      className={styles.chip}
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

interface SearchFieldProps {
  readonly text: string;
  readonly onSearch: (text: string) => void;
}

function SearchField({ text, onSearch }: SearchFieldProps) {
  const [typed, setTyped] = useState(text);
  const field = useRef<HTMLInputElement>(null);
  const sent = useRef(text);
  const send = useDebouncedCallback((next: string) => {
    sent.current = next;
    onSearch(next);
  }, 200);
  // Follows the address when it changes by other means than typing here: back, a chip, a pasted link.
  useEffect(() => {
    if (text === sent.current) return;
    sent.current = text;
    setTyped(text);
  }, [text]);
  useShortcuts([{ keys: ['/'], does: 'Search', run: () => field.current?.focus() }]);
  return (
    <TextInput
      ref={field}
      type="search"
      className={styles.search}
      aria-label="Search incidents"
      placeholder="Device, code, cause, driver"
      value={typed}
      onChange={event => {
        setTyped(event.currentTarget.value);
        send(event.currentTarget.value.trim());
      }}
      onKeyDown={event => {
        if (event.key === 'Escape') field.current?.blur();
      }}
    />
  );
}
