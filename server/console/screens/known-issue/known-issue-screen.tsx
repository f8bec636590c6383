import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useKnownIssue } from '../../api/known-issues.ts';
import { ApiError } from '../../api/call.ts';
import { usePageHead } from '../../frame/page-head.ts';
import { PageNote, PageProblem } from '../../parts/page-problem.tsx';
import { IssueEditor } from './issue-editor.tsx';
import { IssueHead } from './issue-head.tsx';
import { EditorSkeleton } from './editor-skeleton.tsx';

/** One known issue: its form and its source, what it comes to on stored incidents, and its versions. */
export function KnownIssueScreen() {
  const { knownIssueId } = useParams({ from: '/frame/known-issues/$knownIssueId' });
  const search = useSearch({ from: '/frame/known-issues/$knownIssueId' });
  const navigate = useNavigate({ from: '/known-issues/$knownIssueId' });
  const { data: detail, error, refetch } = useKnownIssue(knownIssueId, search.version);
  usePageHead(detail?.row.title ?? 'Known issue');
  if (detail === undefined) {
    if (error === null) return <EditorSkeleton />;
    if (error instanceof ApiError && error.status === 404) return <NoIssue />;
    return <PageProblem error={error} what="this known issue" onRetry={() => void refetch()} />;
  }
  return (
    <article>
      <IssueHead detail={detail} />
      <IssueEditor
        key={`${knownIssueId} ${detail.version}`}
        start={{ source: detail.source, script: detail.script ?? '' }}
        detail={detail}
        tab={search.tab ?? 'incidents'}
        on={search.on ?? ''}
        onSearch={change =>
          void navigate({ search: { ...search, ...change }, replace: true, resetScroll: false })
        }
        onSaved={() => {
          const { version: _, ...rest } = search;
          void navigate({ search: rest, replace: true, resetScroll: false });
        }}
      />
    </article>
  );
}

function NoIssue() {
  usePageHead('Not found');
  return (
    <PageNote title="There is no such known issue">
      <p>The link may be cut off, or it was never saved on this server.</p>
      <Link to="/known-issues">All known issues</Link>
    </PageNote>
  );
}
