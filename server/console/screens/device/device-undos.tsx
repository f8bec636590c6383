import { Link } from '@tanstack/react-router';
import { useUndoOrdersOfDevice } from '../../api/incident-acts.ts';
import { Moment } from '../../parts/moment.tsx';
import { MarkShape } from '../../parts/state-mark.tsx';
import { personOf } from '../../words/people.ts';
import { undoWords } from '../../words/undo-orders.ts';
import styles from './device.module.css';

/** Repairs of this machine that somebody wanted taken back: who, why, and how that stands. */
export function DeviceUndos({ deviceId }: { readonly deviceId: string }) {
  const orders = useUndoOrdersOfDevice(deviceId).data ?? [];
  if (orders.length === 0) return null;
  return (
    <section className={styles.section}>
      <h2>Taken back</h2>
      <ul className={styles.undos} aria-label="Repairs to be taken back">
        {orders.map(({ incidentId, attemptId, state, askedBy, askedAt, reason, endedAt, told }) => (
          <li key={attemptId}>
            <span className={styles.state} title={undoWords[state].meaning}>
              <MarkShape mark={undoWords[state].mark} size={12} /> {undoWords[state].word}
            </span>
            <div>
              <Link to="/incidents/$incidentId" params={{ incidentId }}>
                “{reason}”
              </Link>
              <p className={styles.quiet}>
                asked by {personOf(askedBy)}
                {told !== undefined && `; the machine said: ${told}`}
              </p>
            </div>
            <Moment at={endedAt ?? askedAt} as="ago" />
          </li>
        ))}
      </ul>
    </section>
  );
}
