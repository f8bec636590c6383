import type { BootStatus, BootStatusEntry } from '../../../../shared/bootlog/boot-status.ts';
import type { Reading } from '../../api/readings.ts';
import { Moment } from '../../parts/moment.tsx';
import { counted } from '../../words/amounts.ts';
import { localText } from '../../words/times.ts';
import styles from './evidence.module.css';
import { ReadingGaps } from './reading-gaps.tsx';

const eventWords: Readonly<Record<BootStatusEntry['event'], string>> = {
  'log-started': 'start',
  'application-launched': 'handed over to',
  'application-returned': 'came back',
  'application-not-loaded': 'could not load',
  'boot-configuration-failed': 'boot configuration could not be read',
  'nothing-to-start': 'nothing to start',
  'general-failure': 'failed',
  other: 'other',
};

/** How the last start and stop went, as boot manager and kernel noted it in bootstat.dat. */
export function BootStatusSection({
  reading: { evidence, content },
}: {
  readonly reading: Reading<BootStatus>;
}) {
  const { status, entries } = content;
  const failures = entries.filter(entry => entry.isError);
  return (
    <section className={styles.section}>
      <h2>What boot manager and kernel noted</h2>
      {status !== null && (
        <>
          <p className={styles.lead}>
            {status.wasLastStartGood
              ? 'The last start came up far enough to count as good.'
              : 'The last start did not come up far enough to count as good.'}{' '}
            {!status.wasLastStopClean && 'Windows had not been shut down in order before.'}
          </p>
          <dl className={styles.pairs}>
            <dt>Last sign of life</dt>
            <dd>
              {status.lastAliveAt === null ? (
                'not told'
              ) : (
                <Moment at={status.lastAliveAt} as="instant" focusable />
              )}
            </dd>
            {status.startNumber !== null && (
              <>
                <dt>Start</dt>
                <dd>
                  number {status.startNumber}
                  {status.lastCleanStopNumber !== null && (
                    <span className={styles.quiet}>
                      , the last one that ended in order was {status.lastCleanStopNumber}
                    </span>
                  )}
                </dd>
              </>
            )}
          </dl>
        </>
      )}
      {failures.length > 0 && <Entries entries={failures} />}
      {entries.length > failures.length && (
        <details>
          <summary className={styles.quiet}>
            {counted(entries.length, 'entry', 'entries')} of the boot manager
          </summary>
          <Entries entries={entries} />
        </details>
      )}
      <ReadingGaps evidence={evidence} />
    </section>
  );
}

function Entries({ entries }: { readonly entries: readonly BootStatusEntry[] }) {
  return (
    <div className={styles.scroll}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th>Newest first</th>
            <th>File</th>
            <th>Status</th>
          </tr>
        </thead>
        <tbody>
          {entries.map(entry => (
            <tr key={entry.offset} data-telling={entry.isError || undefined}>
              <td>
                {eventWords[entry.event]}
                {entry.atLocal !== null && ` ${localText(entry.atLocal)}`}
              </td>
              <td>{entry.path !== null && <code>{entry.path}</code>}</td>
              <td>{entry.status !== null && <code>{entry.status}</code>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
