import type { IncidentDetail } from '../../../../shared/api/incident.ts';
import {
  findDeviceInstalls,
  findPendingRenames,
  findPendingTransaction,
  findServicingLogs,
} from '../../api/log-readings.ts';
import { Moment } from '../../parts/moment.tsx';
import { counted } from '../../words/amounts.ts';
import { localText } from '../../words/times.ts';
import { DeviceInstalls } from './device-installs.tsx';
import styles from './evidence.module.css';
import { type Change, listChanges } from './last-changes.ts';
import { NoEvidence } from './no-evidence.tsx';
import { PendingRenames, PendingTransactionSection } from './pending-work.tsx';
import { Servicing } from './servicing.tsx';

/** What was installed, removed or left half done before the machine failed. */
export function ChangesTab({ detail }: { readonly detail: IncidentDetail }) {
  const { evidence } = detail;
  const changes = listChanges(detail);
  const servicing = findServicingLogs(evidence);
  const transaction = findPendingTransaction(evidence);
  const renames = findPendingRenames(evidence);
  const installs = findDeviceInstalls(evidence);
  if (changes.length === 0 && servicing.length === 0 && !transaction && !renames && !installs)
    return (
      <NoEvidence
        title="Nothing that tells of changes was read"
        evidence={evidence.find(({ kind }) => kind === 'device-install-log' || kind === 'servicing-log')}
      >
        What was installed last stands in setupapi.dev.log, CBS.log, pending.xml and System.evtx. A machine
        sends them when no known issue explains it, or after its repair.
      </NoEvidence>
    );
  return (
    <>
      <LastChanges changes={changes} />
      {transaction !== undefined && <PendingTransactionSection reading={transaction} />}
      {servicing.map(reading => (
        <Servicing key={reading.evidence.evidenceId} reading={reading} />
      ))}
      {renames !== undefined && <PendingRenames reading={renames} />}
      {installs !== undefined && <DeviceInstalls reading={installs} />}
    </>
  );
}

function LastChanges({ changes }: { readonly changes: readonly Change[] }) {
  const newest = changes.find(({ at }) => at !== null);
  const waiting = changes.filter(({ at }) => at === null);
  return (
    <section className={styles.section}>
      <p className={styles.lead}>
        {newest === undefined ? (
          'The logs that were read tell of no change that was made.'
        ) : (
          <>
            The newest change: <b>{newest.name}</b>, {newest.what}.
          </>
        )}{' '}
        {waiting.length > 0 && `${counted(waiting.length, 'change')} still wait for the next start.`}
      </p>
      {changes.length > 0 && (
        <>
          <p className={styles.quiet}>
            Over all logs, newest first. Times without a zone are by the machine&rsquo;s clock.
          </p>
          <div className={styles.scroll}>
            <table className={`${styles.table} ${styles.stacks}`}>
              <thead>
                <tr>
                  <th>When</th>
                  <th>What</th>
                  <th className={styles.wide}>Read from</th>
                </tr>
              </thead>
              <tbody>
                {changes.map(change => (
                  <tr key={`${change.at} ${change.what} ${change.name}`}>
                    <td className={styles.when}>
                      <ChangeTime at={change.at} />
                    </td>
                    <td>
                      <b title={change.exact}>{change.name}</b>{' '}
                      <span className={styles.quiet}>{change.what}</span>
                    </td>
                    <td className={`${styles.quiet} ${styles.wide}`}>{change.from}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </>
      )}
    </section>
  );
}

function ChangeTime({ at }: { readonly at: string | null }) {
  if (at === null) return 'not yet';
  return at.endsWith('Z') ? <Moment at={at} as="instant" /> : localText(at);
}
