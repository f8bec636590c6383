import type { Station } from '../words/phases.ts';
import { Moment } from './moment.tsx';
import styles from './phase-track.module.css';
import { MarkShape } from './state-mark.tsx';

/** How far the machine came, as the five phases that admins know from quick machine recovery. */
export function PhaseTrack({ stations }: { readonly stations: readonly Station[] }) {
  return (
    <ol className={styles.track} aria-label="Phases">
      {stations.map(({ name, reached, mark, at }) => (
        <li key={name} data-reached={reached} aria-current={reached === 'here' ? 'step' : undefined}>
          <span className={styles.dot}>
            {mark === undefined ? <i aria-hidden="true" /> : <MarkShape mark={mark} />}
          </span>
          <b>{name}</b>
          <small>
            {at === undefined ? (
              <>
                <span aria-hidden="true">–</span>
                <span className="sr-only">{reached === 'ahead' ? 'not reached' : 'time not told'}</span>
              </>
            ) : (
              <Moment at={at} as="clock" />
            )}
          </small>
        </li>
      ))}
    </ol>
  );
}
