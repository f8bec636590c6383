import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useProposal } from '../../api/known-issues.ts';
import { usePageHead } from '../../frame/page-head.ts';
import { FindingMark } from '../../parts/finding-mark.tsx';
import { PageProblem } from '../../parts/page-problem.tsx';
import { counted } from '../../words/amounts.ts';
import { EditorSkeleton } from './editor-skeleton.tsx';
import { emptySource } from './edit-source.ts';
import { IssueEditor } from './issue-editor.tsx';
import styles from './known-issue.module.css';

/** A known issue that is not saved yet: empty, or drafted from an incident. */
export function NewIssueScreen() {
  const { from, on, tab } = useSearch({ from: '/frame/known-issues/new' });
  const navigate = useNavigate({ from: '/known-issues/new' });
  const proposal = useProposal(from);
  const [empty] = useState(() => emptySource(new Date().toISOString().slice(0, 10)));
  usePageHead('New known issue');
  if (from !== undefined && proposal.data === undefined)
    return proposal.error === null ? (
      <EditorSkeleton />
    ) : (
      <PageProblem error={proposal.error} what="the incident" onRetry={() => void proposal.refetch()} />
    );
  const source = proposal.data?.source ?? empty;
  return (
    <article>
      <h1 className={styles.title}>
        {from === undefined ? 'A new known issue' : 'A known issue from an incident'}
      </h1>
      {proposal.data && <Evidence proposal={proposal.data} />}
      <IssueEditor
        start={{ source, script: '' }}
        detail={undefined}
        tab={tab ?? 'incidents'}
        on={on ?? from ?? ''}
        onSearch={change =>
          void navigate({
            search: { ...(from && { from }), ...(tab && { tab }), ...(on && { on }), ...change },
            replace: true,
            resetScroll: false,
          })
        }
        onSaved={knownIssueId =>
          void navigate({ to: '/known-issues/$knownIssueId', params: { knownIssueId }, replace: true })
        }
      />
    </article>
  );
}

/** What tells the failing machines from healthy ones and from other failures, with the counts that say so. */
function Evidence({ proposal }: { readonly proposal: NonNullable<ReturnType<typeof useProposal>['data']> }) {
  const { failing, healthy, others, conditions } = proposal;
  const of = (amount: number, all: number) => `${amount.toLocaleString('en')} of ${all.toLocaleString('en')}`;
  return (
    <details className={styles.proposal} open>
      <summary>
        What tells {counted(failing, 'machine')} with this failure from {counted(healthy, 'healthy machine')}{' '}
        and {counted(others, 'other failure')}
      </summary>
      {healthy === 0 && (
        <p className={styles.quiet}>
          No healthy machine has told yet what it came up with: agents tell it at a start in order.
        </p>
      )}
      {failing + healthy + others < 20 && (
        <p className={styles.quiet}>So few machines prove little: add what the vendor says.</p>
      )}
      <table className={`${styles.counts} ${styles.proposed}`}>
        <thead>
          <tr>
            <th>In the draft</th>
            <th>Condition</th>
            <th>Failing</th>
            <th>Healthy</th>
            <th>Other failures</th>
          </tr>
        </thead>
        <tbody>
          {conditions.slice(0, 10).map(one => (
            <tr key={one.sentence}>
              <td>
                {one.isChosen ? (
                  <FindingMark finding="yes">yes</FindingMark>
                ) : (
                  <span className={styles.quiet}>no</span>
                )}
              </td>
              <td>{one.sentence}</td>
              <td data-label="Failing">{of(one.failing, failing)}</td>
              <td data-label="Healthy">{of(one.healthy, healthy)}</td>
              <td data-label="Other failures">{of(one.others, others)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
