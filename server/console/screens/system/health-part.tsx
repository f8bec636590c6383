import { CommandLine } from '../../parts/command-line.tsx';
import { useHealth } from '../../api/audit.ts';
import { Verdict } from '../../parts/verdict.tsx';
import { LogLevel } from './log-level.tsx';
import styles from './system.module.css';

/** Whether the server is well. */
export function HealthPart() {
  const health = useHealth();
  return (
    <>
      <Verdict>
        {health.error !== null
          ? 'The server or its database does not serve now.'
          : health.data === undefined
            ? 'Asking the server how it is.'
            : 'The server and its database serve.'}
      </Verdict>
      {health.error !== null && (
        <p className={styles.quiet}>
          What was acknowledged is on its disk, and machines ask again by themselves. The log of the server
          says why; it is asked again every 15 seconds.
        </p>
      )}
      {health.data !== undefined && <p className={styles.quiet}>Bootmend {health.data.version}</p>}
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
