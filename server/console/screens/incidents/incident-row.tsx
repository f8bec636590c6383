import { Link } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import type { IncidentRow } from '../../../../shared/api/incident.ts';
import { Moment } from '../../parts/moment.tsx';
import list from '../../parts/place-list.module.css';
import { StateMark } from '../../parts/state-mark.tsx';
import styles from './incidents.module.css';

/** One incident as a row: state, device, cause, last change. A change fades in where the row stands. */
export function IncidentRowLink({
  row,
  isSelected,
}: {
  readonly row: IncidentRow;
  readonly isSelected: boolean;
}) {
  const changes = useChanges(row.changedAt);
  const link = useRef<HTMLAnchorElement>(null);
  useEffect(() => {
    if (isSelected) link.current?.focus({ preventScroll: true });
  }, [isSelected]);
  return (
    <Link
      ref={link}
      to="/incidents/$incidentId"
      params={{ incidentId: row.incidentId }}
      className={`${list.row} ${styles.row}`}
      data-selected={isSelected || undefined}
      data-changed={changes === 0 ? undefined : changes % 2 === 0 ? 'even' : 'odd'}
    >
      <span className={styles.state}>
        <StateMark state={row.state} />
      </span>
      <span className={styles.device}>{row.deviceName}</span>
      <span className={styles.cause} data-known={row.cause !== undefined || undefined}>
        {row.cause ?? unexplained(row)}
      </span>
      <code className={styles.code}>{row.code}</code>
      <span className={styles.when}>
        <Moment at={row.changedAt} as="ago" />
      </span>
    </Link>
  );
}

function unexplained({ culprit, bugcheck }: IncidentRow): string {
  if (culprit !== undefined && bugcheck !== undefined)
    return `${culprit} · ${bugcheck.code} ${bugcheck.name}`;
  return culprit ?? (bugcheck === undefined ? 'No cause known yet' : `${bugcheck.code} ${bugcheck.name}`);
}

/** How often a value changed while it was shown. */
function useChanges(value: string): number {
  const [seen, setSeen] = useState({ value, changes: 0 });
  if (seen.value === value) return seen.changes;
  const next = { value, changes: seen.changes + 1 };
  setSeen(next);
  return next.changes;
}
