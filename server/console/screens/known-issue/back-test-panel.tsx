import { Button } from '@mantine/core';
import type { KnownIssueDetail } from '../../../../shared/api/known-issue.ts';
import { useIssueAct } from '../../api/known-issues.ts';
import { useSession } from '../../api/session.ts';
import { Moment } from '../../parts/moment.tsx';
import { trialVerdict } from '../../words/known-issues.ts';
import { hasRightsOf } from '../../words/rights.ts';
import { HealthyWarning } from './healthy-warning.tsx';
import styles from './known-issue.module.css';
import { TrialExamples } from './trial-examples.tsx';

interface BackTestPanelProps {
  readonly detail: KnownIssueDetail;
  readonly isChanged: boolean;
}

/** A saved version tried on every stored incident; the result stays with it. */
export function BackTestPanel({ detail, isChanged }: BackTestPanelProps) {
  const { version, row, versions } = detail;
  const act = useIssueAct(row.knownIssueId);
  const session = useSession();
  const isAuthor = hasRightsOf(session.data?.role, 'author');
  const test = versions.find(one => one.version === version)?.backTest;
  const isRunning = test?.state === 'running';
  return (
    <div className={styles.trial}>
      <p className={styles.quiet}>
        Tries version {version} on every incident that is stored, not only the newest, and on every healthy
        machine.
        {isChanged && ' What you typed since is not part of it: save it first.'}
      </p>
      {isRunning && (
        <p className={styles.progress}>
          <progress value={test.done} max={Math.max(test.total, 1)} aria-label="Machines tried" />
          <span>
            {test.done.toLocaleString('en')} of {test.total.toLocaleString('en')} machines
          </span>
        </p>
      )}
      {!isRunning && (
        <Button
          variant="default"
          disabled={!isAuthor}
          loading={act.isPending}
          onClick={() => act.mutate({ kind: 'back-test', version })}
        >
          {test === undefined ? 'Back-test this version' : 'Back-test it again'}
        </Button>
      )}
      {!isAuthor && <p className={styles.quiet}>The role author may start one.</p>}
      {act.error !== null && <p role="alert">{act.error.message}</p>}
      <output>
        {test?.state === 'failed' &&
          'It was cut off, as by a restart of the server. Nothing is lost; start it again.'}
        {test?.state === 'finished' && test.trial && trialVerdict(test.trial, 'all')}
      </output>
      {test?.trial && <HealthyWarning healthy={test.trial.healthy} />}
      {test?.state === 'finished' && (
        <p className={styles.quiet}>
          Started <Moment at={test.startedAt} as="instant" />
        </p>
      )}
      {test?.trial && <TrialExamples trial={test.trial} />}
    </div>
  );
}
