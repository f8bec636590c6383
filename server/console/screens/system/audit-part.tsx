import { Button, Skeleton } from '@mantine/core';
import type { AuditRow } from '../../../../shared/api/audit.ts';
import { useAudit, useAuditCheck } from '../../api/audit.ts';
import { Moment } from '../../parts/moment.tsx';
import { PageProblem } from '../../parts/page-problem.tsx';
import { Verdict } from '../../parts/verdict.tsx';
import { counted } from '../../words/amounts.ts';
import { personOf } from '../../words/people.ts';
import styles from './system.module.css';

/** What people and the server did, and whether the log is whole. */
export function AuditPart() {
  const audit = useAudit();
  const check = useAuditCheck();
  if (audit.data === undefined) {
    if (audit.error !== null)
      return <PageProblem error={audit.error} what="the audit log" onRetry={() => void audit.refetch()} />;
    return <Skeleton height={320} mt={32} />;
  }
  const entries = audit.data.pages.flatMap(page => page.entries);
  return (
    <>
      <Verdict>What people and the server did, newest first.</Verdict>
      <div className={styles.head}>
        <Button variant="default" size="compact-sm" loading={check.isPending} onClick={() => check.mutate()}>
          Check that it is whole
        </Button>
      </div>
      <output aria-live="polite" className={styles.quiet}>
        {check.error !== null && `It could not be checked: ${check.error.message}`}
        {check.data?.problem !== undefined &&
          `Entry ${check.data.problem.number} is not as it was written (${check.data.problem.code}). Somebody changed the tables; compare with a backup.`}
        {check.data?.entries !== undefined &&
          `All ${counted(check.data.entries, 'entry', 'entries')} are as they were written, each with the hash of the one before.`}
      </output>
      <ol className={styles.entries} aria-label="Audit entries">
        {entries.map(entry => (
          <Entry key={entry.number} entry={entry} />
        ))}
      </ol>
      {audit.hasNextPage && (
        <Button
          variant="default"
          loading={audit.isFetchingNextPage}
          onClick={() => void audit.fetchNextPage()}
        >
          Show earlier entries
        </Button>
      )}
    </>
  );
}

function Entry({ entry }: { readonly entry: AuditRow }) {
  const { number, at, actor, action, subject, detail } = entry;
  const told = Object.entries(detail).map(([name, value]) => `${name} ${String(value)}`);
  return (
    <li>
      <span className={styles.quiet}>{number}</span>
      <Moment at={at} as="instant" />
      <span>{personOf(actor)}</span>
      <span>{action.replaceAll('-', ' ')}</span>
      <span className={styles.subject}>
        {subject === actor ? '' : subject} <span className={styles.quiet}>{told.join(', ')}</span>
      </span>
    </li>
  );
}
