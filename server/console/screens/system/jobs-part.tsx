import { Skeleton } from '@mantine/core';
import type { JobView } from '../../../../shared/api/system.ts';
import { useJobs } from '../../api/system.ts';
import { FindingMark } from '../../parts/finding-mark.tsx';
import { Moment } from '../../parts/moment.tsx';
import { PageProblem } from '../../parts/page-problem.tsx';
import { Verdict } from '../../parts/verdict.tsx';
import { spoken } from '../../words/verdict.ts';
import styles from './system.module.css';

/** What each job is for, to be read after its name. */
const purposes: Readonly<Record<string, string>> = {
  'fail-silent-devices': 'Counts a machine that fell silent after an order as failed',
  'match-again': 'Matches open incidents again after a known issue changed',
  'count-closed': 'Counts ended incidents by the hour, so that lists are quick',
  'sum-device-tally': 'Sums up changes of the counts of devices, so that pages of a large fleet are quick',
  'expire-evidence': 'Deletes evidence that is older than it may be kept',
  'forget-expired': 'Forgets links, sessions and leases that ended',
};

/** Work on timers: when it ran, how long it took, when it runs next, and what failed. */
export function JobsPart() {
  const jobs = useJobs();
  if (jobs.data === undefined) {
    if (jobs.error !== null)
      return <PageProblem error={jobs.error} what="the jobs" onRetry={() => void jobs.refetch()} />;
    return <Skeleton height={240} aria-busy="true" />;
  }
  const failed = jobs.data.filter(job => job.lastError !== undefined);
  return (
    <>
      <Verdict>
        {failed.length === 0
          ? 'Everything on timers runs as it should.'
          : `${spoken(failed.length)} of ${jobs.data.length} jobs failed at ${failed.length === 1 ? 'its' : 'their'} last run, and will run again.`}
      </Verdict>
      <ul className={`${styles.rows} ${styles.jobs}`} aria-label="Jobs">
        {jobs.data.map(job => (
          <Job key={job.name} job={job} />
        ))}
      </ul>
    </>
  );
}

function Job({ job }: { readonly job: JobView }) {
  const { name, when, lastStartedAt, lastDurationMs, lastError, nextAt } = job;
  return (
    <li>
      <div>
        <b>{name.replaceAll('-', ' ')}</b>
        <p className={styles.quiet}>{purposes[name]}</p>
        {lastError !== undefined && <p className={styles.failed}>{lastError}</p>}
      </div>
      <span>
        {lastStartedAt === undefined ? (
          <span className={styles.quiet}>has not run yet</span>
        ) : (
          <FindingMark finding={lastError === undefined ? 'yes' : 'no'}>
            <span>
              {lastError === undefined ? 'ran' : 'failed'} <Moment at={lastStartedAt} as="ago" />
              {lastDurationMs !== undefined && `, ${lastDurationMs.toLocaleString('en')} ms`}
            </span>
          </FindingMark>
        )}
      </span>
      <span className={styles.quiet}>
        {nextAt === undefined ? (
          ''
        ) : (
          <>
            next <Moment at={nextAt} as="instant" />
          </>
        )}
      </span>
      <code className={styles.quiet} title="When, as a cron expression in UTC">
        {when}
      </code>
    </li>
  );
}
