import type { IncidentState, TimelineEntry } from '../../../../shared/api/incident.ts';
import { Moment } from '../../parts/moment.tsx';
import { MarkShape } from '../../parts/state-mark.tsx';
import styles from './phase-track.module.css';
import { readStations } from './phases.ts';

interface PhaseTrackProps {
  readonly timeline: readonly TimelineEntry[];
  readonly state: IncidentState;
}

/** How far the machine came, as the five phases that admins know from quick machine recovery. */
export function PhaseTrack({ timeline, state }: PhaseTrackProps) {
  return (
    <ol className={styles.track} aria-label="Phases">
      {readStations(timeline, state).map(({ name, reached, mark, at }) => (
        <li key={name} data-reached={reached} aria-current={reached === 'here' ? 'step' : undefined}>
          <span className={styles.dot}>
            {mark === undefined ? <i aria-hidden="true" /> : <MarkShape mark={mark} />}
          </span>
          <b>{name}</b>
          <small>
            {at === undefined ? <span aria-label="not reached">–</span> : <Moment at={at} as="clock" />}
          </small>
        </li>
      ))}
    </ol>
  );
}
