import { CommandLine } from '../../parts/command-line.tsx';
import { useHealth } from '../../api/audit.ts';
import { LogLevel } from './log-level.tsx';
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
      <LogLevel />
      <section className={styles.section}>
        <h2>A look at the whole installation</h2>
        <p className={styles.quiet}>
          Keys, certificates, clock, disk, agent and policy, each with advice. On the server:
        </p>
        <CommandLine command="npm run -s bootmend -- doctor" />
      </section>
    </>
  );
}
