import { Skeleton } from '@mantine/core';
import { useParams } from '@tanstack/react-router';
import { useRemediation } from '../../api/remediations.ts';
import { ApiError } from '../../api/call.ts';
import { PageNote, PageProblem } from '../../parts/page-problem.tsx';
import { ScriptDesk } from './script-desk.tsx';

/** One remediation: its script, what it does, and everything an author or approver does with it. */
export function RemediationScreen() {
  const { remediationId } = useParams({ from: '/frame/remediations/$remediationId' });
  const remediation = useRemediation(remediationId);
  const { error, data } = remediation;
  if (data !== undefined) return <ScriptDesk key={remediationId} detail={data} />;
  if (error instanceof ApiError && error.status === 404)
    return (
      <PageNote title="There is no such remediation">
        <p>
          No script is saved as <code>{remediationId}</code>.
        </p>
      </PageNote>
    );
  if (error !== null)
    return <PageProblem error={error} what="this remediation" onRetry={() => void remediation.refetch()} />;
  return <Skeleton height={420} aria-busy="true" />;
}

/** A script that nobody has saved yet. */
export const NewRemediationScreen = () => <ScriptDesk detail={undefined} />;
