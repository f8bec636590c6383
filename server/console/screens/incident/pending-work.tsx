import type { PendingRenamesLog } from '../../../../shared/bootlog/pending-renames-log.ts';
import type { PendingTransaction } from '../../../../shared/bootlog/pending-transaction.ts';
import type { Reading } from '../../api/readings.ts';
import { counted } from '../../words/amounts.ts';
import { localText } from '../../words/times.ts';
import styles from './evidence.module.css';
import { ReadingGaps } from './reading-gaps.tsx';

const mostPackages = 20;

interface TransactionProps {
  readonly reading: Reading<PendingTransaction>;
}

/** What servicing left for the next start. */
export function PendingTransactionSection({ reading: { evidence, content } }: TransactionProps) {
  const { isPending, isWhole, componentChanges, packages, operations, actionsAfter } = content;
  const atLeast = isWhole ? '' : 'at least ';
  const work = Object.entries(operations).map(([name, count]) => `${count} ${name}`);
  return (
    <section className={styles.section}>
      <h2>Pending servicing (pending.xml)</h2>
      <p className={styles.lead}>
        {isPending
          ? `Servicing is not finished: ${atLeast}${counted(componentChanges, 'component change')} wait for the next start.`
          : 'Nothing waits; an empty transaction was left behind.'}
      </p>
      {work.length > 0 && (
        <p className={styles.quiet}>
          {atLeast}
          {work.join(', ')}
          {actionsAfter.length > 0 && `; then ${actionsAfter.join(', ')}`}
        </p>
      )}
      {packages.length > 0 && (
        <ul>
          {packages.slice(0, mostPackages).map(name => (
            <li key={name}>
              <code>{name}</code>
            </li>
          ))}
          {packages.length > mostPackages && <li>and {packages.length - mostPackages} more</li>}
        </ul>
      )}
      <ReadingGaps evidence={evidence} />
    </section>
  );
}

/** Files that starts could not rename or delete. */
export function PendingRenames({
  reading: { evidence, content },
}: {
  readonly reading: Reading<PendingRenamesLog>;
}) {
  const failures = content.runs.flatMap(run => run.failures.map(failure => ({ ...failure, run })));
  return (
    <section className={styles.section}>
      <h2>Files to rename at a start (PFRO.log)</h2>
      <p className={styles.lead}>
        {failures.length === 0
          ? `Every file of ${counted(content.runs.length, 'start')} was renamed or deleted as asked.`
          : `${counted(failures.length, 'file')} could not be renamed or deleted.`}
      </p>
      {failures.length > 0 && (
        <div className={styles.scroll}>
          <table className={`${styles.table} ${styles.stacks}`}>
            <thead>
              <tr>
                <th>Start</th>
                <th>File</th>
                <th>Why not</th>
              </tr>
            </thead>
            <tbody>
              {failures.map(({ run, line, path, newPath, status, statusName }) => (
                <tr key={line}>
                  <td className={styles.when}>
                    {run.startedAtLocal === null ? 'not told' : localText(run.startedAtLocal)}
                  </td>
                  <td>
                    <code>{path}</code>{' '}
                    <span className={styles.quiet}>{newPath === null ? 'to delete' : `to ${newPath}`}</span>
                  </td>
                  <td>
                    {statusName ?? ''} <code className={styles.quiet}>{status}</code>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <ReadingGaps evidence={evidence} />
    </section>
  );
}
