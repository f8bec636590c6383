import { Button, Skeleton } from '@mantine/core';
import type { AuditRow } from '../../../../shared/api/audit.ts';
import { useAudit, useAuditCheck, useHealth } from '../../api/audit.ts';
import { ApiError } from '../../api/call.ts';
import { usePageHead } from '../../frame/page-head.ts';
import { Moment } from '../../parts/moment.tsx';
import { PageProblem } from '../../parts/page-problem.tsx';
import { counted } from '../../words/amounts.ts';
import styles from './system.module.css';

/** Whether the server is well, and what people and the server did. */
export function SystemScreen() {
  usePageHead('System');
  const health = useHealth();
  return (
    <>
      {health.data === undefined ? (
        <h1 className={styles.verdict}>
          {health.error === null
            ? 'Asking the server how it is.'
            : 'The server or its database does not serve now.'}
        </h1>
      ) : (
        <>
          <h1 className={styles.verdict}>The server and its database serve.</h1>
          <p className={styles.quiet}>Bootmend {health.data.version}</p>
        </>
      )}
      <Audit />
    </>
  );
}

function Audit() {
  const audit = useAudit();
  const check = useAuditCheck();
  if (audit.data === undefined) {
    if (audit.error instanceof ApiError && audit.error.status === 403)
      return (
        <section className={styles.section}>
          <h2>Audit log</h2>
          <p className={styles.quiet}>
            The role operator may read the audit log. An admin can give it to you.
          </p>
        </section>
      );
    if (audit.error !== null)
      return <PageProblem error={audit.error} what="the audit log" onRetry={() => void audit.refetch()} />;
    return <Skeleton height={320} mt={32} />;
  }
  const entries = audit.data.pages.flatMap(page => page.entries);
  return (
    <section className={styles.section}>
      <div className={styles.head}>
        <h2>Audit log</h2>
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
    </section>
  );
}

function Entry({ entry }: { readonly entry: AuditRow }) {
  const { number, at, actor, action, subject, detail } = entry;
  const told = Object.entries(detail).map(([name, value]) => `${name} ${String(value)}`);
  return (
    <li>
      <span className={styles.quiet}>{number}</span>
      <Moment at={at} as="instant" />
      <span>{actor.replace(/^account:/, '')}</span>
      <span>{action.replaceAll('-', ' ')}</span>
      <span className={styles.subject}>
        {subject === actor ? '' : subject} <span className={styles.quiet}>{told.join(', ')}</span>
      </span>
    </li>
  );
}
