import { useHealth } from '../../api/audit.ts';
import styles from './system.module.css';

/** Whether the server is well. */
export function HealthPart() {
  const health = useHealth();
  if (health.data === undefined)
    return (
      <h1 className={styles.verdict}>
        {health.error === null
          ? 'Asking the server how it is.'
          : 'The server or its database does not serve now.'}
      </h1>
    );
  return (
    <>
      <h1 className={styles.verdict}>The server and its database serve.</h1>
      <p className={styles.quiet}>Bootmend {health.data.version}</p>
    </>
  );
}
