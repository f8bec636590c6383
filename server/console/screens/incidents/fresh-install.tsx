import { Link } from '@tanstack/react-router';
import { CommandLine } from '../../parts/command-line.tsx';
import { Verdict } from '../../parts/verdict.tsx';
import styles from './incidents.module.css';

/** What a new installation shows: how a machine gets here, and how to see one heal in a minute. */
export function FreshInstall() {
  return (
    <section className={styles.fresh}>
      <Verdict>No machine has called for help yet.</Verdict>
      <p>
        A machine appears here when it fails to boot: the agent in its recovery environment reads why, sends
        the evidence to this server, and waits for a remediation that you approved.
      </p>
      <h2>See it work</h2>
      <p>
        In a terminal, this breaks a lab machine, heals it over the real wire, and opens a console of its own
        where every step can be read.
      </p>
      <CommandLine command="npm run demo" />
      <h2>Then bring in machines</h2>
      <p>
        Each machine enrols once, while it is healthy, and keeps its own key. This page needs no reload; the
        first call for help shows at once.
      </p>
      <p>
        <Link to="/devices/enrol">Enrol the first machine</Link>
      </p>
    </section>
  );
}
