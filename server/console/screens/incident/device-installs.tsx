import { useState } from 'react';
import type { SetupapiLog, SetupapiSection } from '../../../../shared/bootlog/setupapi-log.ts';
import type { Reading } from '../../api/readings.ts';
import { FilterField, fits } from '../../parts/filter-field.tsx';
import { FindingMark } from '../../parts/finding-mark.tsx';
import { localText } from '../../words/times.ts';
import styles from './evidence.module.css';
import { ReadingGaps } from './reading-gaps.tsx';

const outcomes = { done: 'yes', failed: 'no', unfinished: 'unknown' } as const;

/** Devices and drivers that Windows installed, what did not end first. */
export function DeviceInstalls({
  reading: { evidence, content },
}: {
  readonly reading: Reading<SetupapiLog>;
}) {
  const [typed, setTyped] = useState('');
  const { sections } = content;
  const textsOf = (section: SetupapiSection) => [section.title, section.subject ?? '', driversOf(section)];
  const shown = sections.filter(section => fits(typed, ...textsOf(section)));
  const [newest] = sections;
  return (
    <section className={styles.section}>
      <h2>Device installations (setupapi.dev.log)</h2>
      {newest?.outcome === 'unfinished' && (
        <p className={styles.lead}>
          The newest installation has no end: the machine may have died in <b>{newest.title}</b>.
        </p>
      )}
      <FilterField
        what="installations"
        text={typed}
        onChange={setTyped}
        shown={shown.length}
        total={sections.length}
      />
      <div className={styles.scroll}>
        <table className={`${styles.table} ${styles.stacks}`}>
          <thead>
            <tr>
              <th>Started</th>
              <th>What</th>
              <th>Driver</th>
              <th>Outcome</th>
            </tr>
          </thead>
          <tbody>
            {shown.map(section => (
              <tr key={section.line} data-telling={section.outcome === 'unfinished' || undefined}>
                <td className={styles.when}>
                  {section.startedAtLocal === null ? 'not told' : localText(section.startedAtLocal)}
                </td>
                <td>
                  {section.title}
                  {section.subject !== null && (
                    <>
                      {' '}
                      <code className={styles.quiet}>{section.subject}</code>
                    </>
                  )}
                </td>
                <td>{driversOf(section)}</td>
                <td>
                  <FindingMark finding={outcomes[section.outcome]}>
                    {section.outcome === 'unfinished' ? 'no end' : section.outcome}
                  </FindingMark>
                  {section.errorCode !== null && <code className={styles.quiet}> {section.errorCode}</code>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <ReadingGaps evidence={evidence} />
    </section>
  );
}

function driversOf({ packages, selectedDriver }: SetupapiSection): string {
  const added = packages.map(one => [one.inf, one.version, one.provider].filter(Boolean).join(' '));
  if (added.length > 0) return added.join(', ');
  return [selectedDriver?.description, selectedDriver?.inf].filter(Boolean).join(', ');
}
