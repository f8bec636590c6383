import type { IncidentDetail } from '../../../../shared/api/incident.ts';
import styles from './evidence.module.css';
import { factText } from '../../words/fact-text.ts';

/** Facts that the server reads otherwise than the device in the same file; nothing when they agree. */
export function Disagreements({ detail }: { readonly detail: IncidentDetail }) {
  const { disagreements = [] } = detail;
  if (disagreements.length === 0) return null;
  return (
    <section className={styles.section}>
      <h2>Read differently</h2>
      <p className={styles.quiet}>
        The server read the files again and came to other values. Usually the two run different versions of
        Bootmend, or the file is only an extract of what the machine read.
      </p>
      <div className={styles.scroll}>
        <table className={`${styles.table} ${styles.stacks}`}>
          <thead>
            <tr>
              <th>Fact</th>
              <th>The machine says</th>
              <th>The server says</th>
            </tr>
          </thead>
          <tbody>
            {disagreements.map(({ fact, device, server }) => (
              <tr key={`${fact} ${server}`}>
                <td>
                  <code>{fact}</code>
                </td>
                <td>
                  <code>{factText(device)}</code>
                </td>
                <td>
                  <code>{factText(server)}</code>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
