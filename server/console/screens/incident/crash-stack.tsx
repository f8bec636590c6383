import type { CrashDump, StackFrame } from '../../../../shared/crashdump/crash-dump.ts';
import styles from './evidence.module.css';

const certaintyWords: Readonly<Record<StackFrame['certainty'], string>> = {
  certain: 'certain',
  possible: 'possible',
  unlikely: 'unlikely',
};

/** The stack, innermost first; a dump without unwind tables makes most frames only possible, and says so. */
export function CrashStack({ dump }: { readonly dump: CrashDump }) {
  if (dump.stack.length === 0) return null;
  const culprit = dump.culprit.module?.toLowerCase();
  return (
    <section className={styles.section}>
      <h2>Stack</h2>
      <p className={styles.quiet}>
        Innermost first. A small dump has no tables to walk the stack, so a frame is certain only where the
        chain is unbroken.
      </p>
      <div className={styles.scroll}>
        <table className={`${styles.table} ${styles.frames}`}>
          <thead>
            <tr>
              <th>Place</th>
              <th>Address</th>
              <th>Frame is</th>
            </tr>
          </thead>
          <tbody>
            {dump.stack.map(frame => (
              <tr
                key={`${frame.at ?? 'fault'} ${frame.address}`}
                data-telling={(culprit !== undefined && frame.module?.toLowerCase() === culprit) || undefined}
              >
                <td>
                  <code>
                    {frame.module === null ? 'in no module' : `${frame.module}+${frame.offset ?? '0x0'}`}
                  </code>
                </td>
                <td className={styles.quiet}>
                  <code>{frame.address}</code>
                </td>
                <td className={styles.quiet}>{certaintyWords[frame.certainty]}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
