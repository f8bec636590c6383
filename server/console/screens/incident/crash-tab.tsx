import type { IncidentDetail } from '../../../../shared/api/incident.ts';
import { findCrash } from '../../api/readings.ts';
import { CrashModules } from './crash-modules.tsx';
import { CrashStack } from './crash-stack.tsx';
import { CrashSummary } from './crash-summary.tsx';
import styles from './evidence.module.css';
import { NoEvidence } from './no-evidence.tsx';

/** The crash dump, read: what Windows said, who did it, where, and everything else it holds. */
export function CrashTab({ detail }: { readonly detail: IncidentDetail }) {
  const crash = findCrash(detail.evidence);
  if (crash === undefined)
    return (
      <NoEvidence
        title="No crash dump was read"
        evidence={detail.evidence.find(({ kind }) => kind === 'crash-extract')}
      >
        A driver that crashes before the page file is open leaves no dump, and a machine that hangs leaves
        none either. The boot log and the machine&rsquo;s drivers and files still tell; see Why and Facts.
      </NoEvidence>
    );
  const dump = crash.content;
  return (
    <>
      <CrashSummary dump={dump} />
      <CrashStack dump={dump} />
      <CrashModules dump={dump} facts={detail.facts} />
      {dump.missing.length > 0 && (
        <section className={styles.section}>
          <h2>What the dump does not say</h2>
          <ul>
            {dump.missing.map(part => (
              <li key={`${part.code} ${part.what}`}>
                {part.message} <code className={styles.quiet}>{part.code}</code>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}
