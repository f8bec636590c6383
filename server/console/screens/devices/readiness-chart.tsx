import type { FleetReadiness } from '../../../../shared/api/device.ts';
import { CommandLine } from '../../parts/command-line.tsx';
import { counted } from '../../words/amounts.ts';
import styles from './devices.module.css';

/** How ready the fleet is as bars by score, and what to mend first. */
export function ReadinessChart({ readiness }: { readonly readiness: FleetReadiness }) {
  const { tenths, neverTold, findings, lookedAt } = readiness;
  const told = tenths.reduce((sum, machines) => sum + machines, 0);
  if (told === 0)
    return (
      <section className={styles.readiness}>
        <h2>Readiness</h2>
        <p className={styles.quiet}>
          No machine has told how ready it is. The agent says so once a day from a healthy Windows; on one
          machine, this shows it at once:
        </p>
        <CommandLine command="bootmend.exe readiness" />
      </section>
    );
  const ready = tenths.slice(8).reduce((sum, machines) => sum + machines, 0);
  const top = Math.max(1, ...tenths);
  return (
    <section className={styles.readiness}>
      <h2>
        {ready.toLocaleString('en')} of {counted(told, 'machine')} {ready === 1 ? 'is' : 'are'} ready to be
        healed
      </h2>
      <div className={styles.chart}>
        <ol aria-label="Machines by readiness score">
          {tenths.map((machines, tenth) => (
            // oxlint-disable-next-line react/no-array-index-key -- the tenth is what a bar is
            <li key={tenth} data-ready={tenth >= 8 || undefined}>
              <span className={styles.bar} style={{ height: `${Math.round((machines / top) * 72) + 1}px` }} />
              <span className={styles.score}>{tenth === 9 ? '90+' : `${tenth * 10}–${tenth * 10 + 9}`}</span>
              <span className="sr-only">: {counted(machines, 'machine')}</span>
            </li>
          ))}
        </ol>
        {neverTold > 0 && <p className={styles.quiet}>{counted(neverTold, 'machine')} never told.</p>}
      </div>
      {findings.length > 0 && (
        <details>
          <summary>What to mend first, on the {counted(lookedAt, 'least ready machine')}</summary>
          <dl className={styles.findings}>
            {findings.map(({ code, machines, found, advice, command }) => (
              <div key={code}>
                <dt>
                  {found} <span className={styles.quiet}>{counted(machines, 'machine')}</span>
                </dt>
                {advice !== undefined && (
                  <dd>
                    {advice} {command !== undefined && <code>{command}</code>}
                  </dd>
                )}
              </div>
            ))}
          </dl>
        </details>
      )}
    </section>
  );
}
