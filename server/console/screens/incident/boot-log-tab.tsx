import { useState } from 'react';
import type { IncidentDetail } from '../../../../shared/api/incident.ts';
import type { BootLog } from '../../../../shared/bootlog/boot-log.ts';
import { compareWithGoodBoot } from '../../../../shared/bootlog/compare-boots.ts';
import { findBootStatus } from '../../api/log-readings.ts';
import { findBootLog, findSrtTrail, type Reading } from '../../api/readings.ts';
import { FilterField, fits } from '../../parts/filter-field.tsx';
import { counted } from '../../words/amounts.ts';
import { BootStatusSection } from './boot-status.tsx';
import styles from './evidence.module.css';
import { NoEvidence } from './no-evidence.tsx';
import { ReadingGaps } from './reading-gaps.tsx';
import { RepairSessions } from './repair-sessions.tsx';

/** What Windows wrote while it tried to start, and what Startup Repair said afterwards. */
export function BootLogTab({ detail }: { readonly detail: IncidentDetail }) {
  const bootLog = findBootLog(detail.evidence);
  const trail = findSrtTrail(detail.evidence);
  const status = findBootStatus(detail.evidence);
  return (
    <>
      {bootLog === undefined ? (
        <NoEvidence
          title="No boot log was read"
          evidence={detail.evidence.find(({ kind }) => kind === 'boot-log')}
        >
          Windows writes ntbtlog.txt only when boot logging is on; <code>bcdedit /set bootlog yes</code>{' '}
          switches it on for every later start.
        </NoEvidence>
      ) : (
        <BootSummary log={bootLog.content} />
      )}
      {trail !== undefined && (
        <>
          <RepairSessions trail={trail.content} />
          <ReadingGaps evidence={trail.evidence} />
        </>
      )}
      {status !== undefined && <BootStatusSection reading={status} />}
      {bootLog !== undefined && <BootDrivers reading={bootLog} />}
    </>
  );
}

/** How far the newest start got. */
function BootSummary({ log }: { readonly log: BootLog }) {
  const boot = log.boots.at(-1);
  return (
    <section className={styles.section}>
      <p className={styles.lead}>
        {log.lastLoaded === null ? (
          'The newest start loaded no driver at all.'
        ) : (
          <>
            The newest start got as far as <b>{log.lastLoaded.name}</b>: the last driver that loaded.
          </>
        )}
      </p>
      <p className={styles.quiet}>
        {boot?.startedAtLocal != null &&
          `Started ${boot.startedAtLocal.slice(0, 19).replace('T', ' ')} by the machine’s clock. `}
        {counted(boot?.loaded.length ?? 0, 'driver')} loaded, {boot?.notLoaded.length ?? 0} not (some never
        do, also on a healthy machine).{' '}
        {log.boots.length > 1 && `The log holds ${counted(log.boots.length, 'start')}; this is the last.`}
      </p>
      <Difference log={log} />
    </section>
  );
}

/** Every driver of the newest start. */
function BootDrivers({ reading: { evidence, content: log } }: { readonly reading: Reading<BootLog> }) {
  const [typed, setTyped] = useState('');
  const boot = log.boots.at(-1);
  const drivers = [
    ...(boot?.loaded ?? []).map(entry => ({ ...entry, isLoaded: true })),
    ...(boot?.notLoaded ?? []).map(entry => ({ ...entry, isLoaded: false })),
  ].sort((a, b) => b.line - a.line);
  const shown = drivers.filter(({ path }) => fits(typed, path));
  return (
    <section className={styles.section}>
      <h2>Drivers of the newest start</h2>
      <FilterField
        what="drivers"
        text={typed}
        onChange={setTyped}
        shown={shown.length}
        total={drivers.length}
      />
      <div className={styles.scroll}>
        <table className={styles.table}>
          <thead>
            <tr>
              <th className={styles.number}>Line</th>
              <th>Driver, newest first</th>
              <th className={styles.wide}>Folder</th>
              <th>Result</th>
            </tr>
          </thead>
          <tbody>
            {shown.map(({ line, path, isLoaded }) => (
              <tr key={line} data-telling={line === log.lastLoaded?.line || undefined}>
                <td className={styles.number}>{line}</td>
                <td>
                  <code>{fileName(path)}</code>
                  {line === log.lastLoaded?.line && <span className={styles.tag}>last loaded</span>}
                </td>
                <td className={`${styles.quiet} ${styles.wide}`}>
                  <code>{path.slice(0, path.length - fileName(path).length)}</code>
                </td>
                <td className={isLoaded ? undefined : styles.quiet}>{isLoaded ? 'loaded' : 'not loaded'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <ReadingGaps evidence={evidence} />
    </section>
  );
}

/** What the newest start lacks of the last one that went further. */
function Difference({ log }: { readonly log: BootLog }) {
  const difference = compareWithGoodBoot(log);
  if (difference === undefined) return undefined;
  const { good, missing, added } = difference;
  const [next] = missing;
  return (
    <p>
      The start{good.startedAtLocal !== null && ` of ${good.startedAtLocal.slice(0, 16).replace('T', ' ')}`}{' '}
      went {counted(missing.length, 'driver')} further
      {next !== undefined && (
        <>
          ; <code>{next.name}</code> should have come next
        </>
      )}
      .{' '}
      {added.length > 0 && (
        <>
          New since then:{' '}
          <code>
            {added
              .slice(0, 5)
              .map(entry => entry.name)
              .join(', ')}
          </code>
          {added.length > 5 && ` and ${added.length - 5} more`}.
        </>
      )}
    </p>
  );
}

const fileName = (path: string) => path.slice(path.lastIndexOf('\\') + 1);
