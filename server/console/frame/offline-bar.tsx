import { useLiveState, useLostAt } from '../api/live.tsx';
import { clockText } from '../words/times.ts';
import styles from './frame.module.css';

/** Says, while the server does not answer, how old the page is; it stays readable and heals by itself. */
export function OfflineBar() {
  const state = useLiveState();
  const lostAt = useLostAt();
  if (state !== 'offline' || lostAt === undefined) return null;
  return (
    <p className={styles.offline} role="alert">
      The server does not answer. What you see is from {clockText(lostAt)}; it comes up to date by itself.
    </p>
  );
}
