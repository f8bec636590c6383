import { useNavigate } from '@tanstack/react-router';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { useIncidentList } from '../../api/incidents.ts';
import { useShortcuts } from '../../frame/shortcuts.tsx';
import { IncidentRowLink } from './incident-row.tsx';
import styles from './incidents.module.css';
import { useRowHeight } from './use-row-height.ts';

interface IncidentTableProps {
  readonly list: ReturnType<typeof useIncidentList>;
  readonly selected: string | undefined;
  readonly onSelect: (incidentId: string) => void;
}

/** The rows. Only those in sight exist; more are read when the end comes near. */
export function IncidentTable({ list, selected, onSelect }: IncidentTableProps) {
  const { rows } = list;
  const body = useRef<HTMLOListElement>(null);
  const [bodyTop, setBodyTop] = useState(0);
  useLayoutEffect(() => setBodyTop(body.current?.offsetTop ?? 0), []);
  const rowHeight = useRowHeight();
  // oxlint-disable-next-line react/incompatible-library -- it is what keeps 100,000 rows cheap; nothing here is memoized on it
  const virtualizer = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => rowHeight,
    overscan: 12,
    scrollMargin: bodyTop,
    scrollPaddingStart: 140,
    scrollPaddingEnd: rowHeight,
  });
  useEffect(() => virtualizer.measure(), [rowHeight, virtualizer]);

  const items = virtualizer.getVirtualItems();
  const lastShown = items.at(-1)?.index ?? 0;
  const { hasMore, isLoadingMore, loadMore } = list;
  useEffect(() => {
    if (hasMore && !isLoadingMore && lastShown >= rows.length - 30) void loadMore();
  }, [hasMore, isLoadingMore, lastShown, loadMore, rows.length]);

  const navigate = useNavigate();
  const selectedIndex = rows.findIndex(row => row.incidentId === selected);
  const go = (step: number) => {
    const index = Math.min(rows.length - 1, Math.max(0, selectedIndex + step));
    const row = rows[index];
    if (row === undefined) return;
    virtualizer.scrollToIndex(index);
    onSelect(row.incidentId);
  };
  useShortcuts([
    { keys: ['j'], does: 'Next incident', run: () => go(1) },
    { keys: ['k'], does: 'Previous incident', run: () => go(-1) },
    {
      keys: ['Enter'],
      does: 'Open the incident',
      run: () => {
        if (selected !== undefined)
          void navigate({ to: '/incidents/$incidentId', params: { incidentId: selected } });
      },
    },
    {
      keys: ['e'],
      does: 'Open its evidence',
      run: () => {
        if (selected !== undefined)
          void navigate({
            to: '/incidents/$incidentId',
            params: { incidentId: selected },
            search: { tab: 'files' },
          });
      },
    },
  ]);

  return (
    <>
      <ol
        ref={body}
        className={styles.rows}
        style={{ height: virtualizer.getTotalSize() }}
        aria-label="Incidents"
      >
        {items.map(item => {
          const row = rows[item.index];
          if (row === undefined) return null;
          return (
            <li
              key={row.incidentId}
              className={styles.place}
              style={{ height: item.size, transform: `translateY(${item.start - bodyTop}px)` }}
              aria-setsize={list.hasMore ? -1 : rows.length}
              aria-posinset={item.index + 1}
            >
              <IncidentRowLink row={row} isSelected={row.incidentId === selected} />
            </li>
          );
        })}
      </ol>
      <output className={styles.end}>{hasMore ? 'Reading more' : ''}</output>
    </>
  );
}
