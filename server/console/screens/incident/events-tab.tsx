import { useState } from 'react';
import type { IncidentDetail } from '../../../../shared/api/incident.ts';
import { bugcheckName } from '../../../../shared/crashdump/bugcheck.ts';
import { sayEvent } from '../../../../shared/eventlog/say-event.ts';
import type { SystemEvent } from '../../../../shared/eventlog/system-event.ts';
import { findSystemEvents } from '../../api/system-events.ts';
import { FilterField, fits } from '../../parts/filter-field.tsx';
import { Moment } from '../../parts/moment.tsx';
import styles from './evidence.module.css';
import { NoEvidence } from './no-evidence.tsx';
import { ReadingGaps } from './reading-gaps.tsx';

const telling = new Set<SystemEvent['kind']>(['crash', 'dirty-start', 'unexpected-stop', 'no-dump-possible']);

/** What System.evtx says of starts, stops, crashes and updates before the machine failed. */
export function EventsTab({ detail }: { readonly detail: IncidentDetail }) {
  const log = findSystemEvents(detail.evidence);
  const [typed, setTyped] = useState('');
  if (log === undefined)
    return (
      <NoEvidence
        title="No event log was read"
        evidence={detail.evidence.find(({ kind }) => kind === 'event-log')}
      >
        Windows writes crashes and dirty starts into System.evtx only after its next good start, so it tells
        of the time before this failure.
      </NoEvidence>
    );
  const { events } = log.content;
  const shown = events.filter(event => fits(typed, sayEvent(event), `${event.provider} ${event.eventId}`));
  const crash = events.find(({ kind }) => telling.has(kind));
  const [newest] = events;
  return (
    <section className={styles.section}>
      <p className={styles.lead}>
        {crash === undefined
          ? 'The log tells of no crash and no dirty stop before this failure.'
          : `Before this failure: ${sayEvent(crash)}.`}{' '}
        {crash !== undefined && <StopName event={crash} />}
      </p>
      <p className={styles.quiet}>
        A start that fails early writes nothing here
        {newest?.at != null && (
          <>
            ; the newest event is of <Moment at={newest.at} as="instant" focusable />
          </>
        )}
        .
      </p>
      <FilterField
        what="events"
        text={typed}
        onChange={setTyped}
        shown={shown.length}
        total={events.length}
      />
      <div className={styles.scroll}>
        <table className={`${styles.table} ${styles.stacks}`}>
          <thead>
            <tr>
              <th>When</th>
              <th>What, newest first</th>
              <th className={styles.wide}>Event</th>
            </tr>
          </thead>
          <tbody>
            {shown.map(event => (
              <tr key={event.recordId} data-telling={telling.has(event.kind) || undefined}>
                <td className={styles.when}>
                  {event.at === null ? 'not told' : <Moment at={event.at} as="instant" />}
                </td>
                <td>
                  {capitalized(sayEvent(event))} <StopName event={event} />
                </td>
                <td className={`${styles.quiet} ${styles.wide}`}>
                  {event.provider.replace(/^Microsoft-Windows-/, '')} {event.eventId}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <ReadingGaps evidence={log.evidence} />
    </section>
  );
}

/** The name of the stop code that an event tells. */
function StopName({ event }: { readonly event: SystemEvent }) {
  if (event.kind !== 'crash' && event.kind !== 'dirty-start') return null;
  const name = event.code === null ? null : bugcheckName(Number(event.code));
  return name === null ? null : <span className={styles.quiet}>{name}</span>;
}

const capitalized = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
