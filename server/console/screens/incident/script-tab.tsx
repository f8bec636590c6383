import type { AttemptView, IncidentDetail } from '../../../../shared/api/incident.ts';
import { Exact } from '../../parts/exact.tsx';
import { Moment } from '../../parts/moment.tsx';
import { MarkShape } from '../../parts/state-mark.tsx';
import { describeAttempt } from '../../words/attempts.ts';
import styles from './evidence.module.css';
import { NoEvidence } from './no-evidence.tsx';
import { ScriptLines } from './script-lines.tsx';

/** What was ordered and what it did: the signed text, a plain sentence for each line, and each line's result. */
export function ScriptTab({ detail }: { readonly detail: IncidentDetail }) {
  if (detail.attempts.length === 0)
    return (
      <NoEvidence title="Nothing was ordered" evidence={undefined}>
        A script runs on a machine only when a known issue fits and enough approvers have signed exactly that
        script.
      </NoEvidence>
    );
  return [...detail.attempts]
    .sort((a, b) => b.issuedAt.localeCompare(a.issuedAt))
    .map(attempt => <Attempt key={attempt.attemptId} attempt={attempt} />);
}

function Attempt({ attempt }: { readonly attempt: AttemptView }) {
  const { mark, sentence } = describeAttempt(attempt.state);
  const approvals = attempt.approvedBy.length;
  return (
    <section className={styles.section}>
      <p className={styles.lead}>
        <span className={styles.verdictMark}>
          <MarkShape mark={mark} />
        </span>{' '}
        {sentence} {attempt.code !== undefined && <code className={styles.quiet}>{attempt.code}</code>}
      </p>
      <dl className={styles.pairs}>
        <dt>Remediation</dt>
        <dd>
          <Exact value={attempt.remediationId} what="the name of the remediation" />{' '}
          <span className={styles.quiet}>version {attempt.remediationVersion}</span>
        </dd>
        <dt>Approved</dt>
        <dd>
          {approvals} of {attempt.threshold} {attempt.threshold === 1 ? 'approver' : 'approvers'}
          {approvals > 0 && ': '}
          {attempt.approvedBy.map(({ keyId, owner, kind }, index) => (
            <span key={keyId}>
              {index > 0 && ', '}
              {owner}{' '}
              <span className={styles.quiet}>
                ({kind} key {keyId.slice(0, 8)})
              </span>
            </span>
          ))}
        </dd>
        <dt>Ordered</dt>
        <dd>
          <Moment at={attempt.issuedAt} as="instant" focusable />
          {attempt.appliedAt !== undefined && (
            <span className={styles.quiet}>
              , carried out <Moment at={attempt.appliedAt} as="clock" focusable />
            </span>
          )}
        </dd>
        <dt>SHA-256</dt>
        <dd>
          <Exact
            value={attempt.scriptSha256}
            short={`${attempt.scriptSha256.slice(0, 16)}…`}
            what="the hash of the script"
          />
        </dd>
      </dl>
      <ScriptLines attempt={attempt} />
    </section>
  );
}
