import { Button, Skeleton } from '@mantine/core';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useRef } from 'react';
import type { KnownIssueRow } from '../../../../shared/api/known-issue.ts';
import { useKnownIssues } from '../../api/known-issues.ts';
import { useSession } from '../../api/session.ts';
import { usePageHead } from '../../frame/page-head.ts';
import { useShortcuts } from '../../frame/shortcuts.tsx';
import { fits } from '../../parts/filter-field.tsx';
import { PageProblem } from '../../parts/page-problem.tsx';
import list from '../../parts/place-list.module.css';
import { SearchField } from '../../parts/search-field.tsx';
import { useRowKeys } from '../../parts/use-row-keys.ts';
import { Verdict } from '../../parts/verdict.tsx';
import { counted } from '../../words/amounts.ts';
import {
  booksVerdict,
  type IssueStanding,
  policyWords,
  standingOf,
  standings,
} from '../../words/known-issues.ts';
import { hasRightsOf } from '../../words/rights.ts';
import styles from './known-issues.module.css';

/** The catalogue and the organization's own known issues, those that machines have now first. */
export function KnownIssuesScreen() {
  const { data: issues, error, refetch } = useKnownIssues();
  const { show, search = '' } = useSearch({ from: '/frame/known-issues' });
  const navigate = useNavigate({ from: '/known-issues' });
  const session = useSession();
  const rows = useRef<HTMLUListElement>(null);
  const isAuthor = hasRightsOf(session.data?.role, 'author');
  usePageHead('Known issues');
  useShortcuts(
    isAuthor
      ? [{ keys: ['c'], does: 'Write a known issue', run: () => void navigate({ to: '/known-issues/new' }) }]
      : [],
  );
  useRowKeys(rows, 'known issue');
  if (issues === undefined)
    return error === null ? (
      <ListSkeleton />
    ) : (
      <PageProblem error={error} what="the known issues" onRetry={() => void refetch()} />
    );
  const shown = issues.filter(
    one =>
      (show === undefined || standingOf(one) === show) &&
      fits(search, one.title, one.cause, one.vendor, one.product, one.knownIssueId),
  );
  return (
    <>
      <div className={list.head}>
        <Verdict>{booksVerdict(issues)}</Verdict>
        {isAuthor && (
          <Button renderRoot={props => <Link to="/known-issues/new" {...props} />}>
            Write a known issue
          </Button>
        )}
      </div>
      <div className={list.tools}>
        <nav className={list.chips} aria-label="Filter by standing">
          <Chip issues={issues} standing={undefined} isCurrent={show === undefined} search={search} />
          {(Object.keys(standings) as IssueStanding[]).map(standing => (
            <Chip
              key={standing}
              issues={issues}
              standing={standing}
              isCurrent={show === standing}
              search={search}
            />
          ))}
        </nav>
        <SearchField
          what="known issues"
          placeholder="Vendor, product, cause"
          text={search}
          onSearch={text =>
            void navigate({
              search: { ...(show && { show }), ...(text !== '' && { search: text }) },
              replace: true,
              resetScroll: false,
            })
          }
        />
      </div>
      <output className="sr-only">{counted(shown.length, 'known issue')}</output>
      {shown.length === 0 ? (
        <NoneFound isSearched={issues.length > 0} />
      ) : (
        <ul ref={rows} className={styles.rows} aria-label="Known issues">
          {shown.map(one => (
            <Row key={one.knownIssueId} issue={one} />
          ))}
        </ul>
      )}
    </>
  );
}

interface ChipProps {
  readonly issues: readonly KnownIssueRow[];
  readonly standing: IssueStanding | undefined;
  readonly isCurrent: boolean;
  readonly search: string;
}

function Chip({ issues, standing, isCurrent, search }: ChipProps) {
  const count = issues.filter(one => standing === undefined || standingOf(one) === standing).length;
  return (
    <Link
      to="/known-issues"
      search={{ ...(standing && { show: standing }), ...(search !== '' && { search }) }}
      aria-current={isCurrent || undefined}
      data-none={count === 0 || undefined}
      activeOptions={{ exact: true, includeSearch: true }}
    >
      {standing === undefined ? 'All' : standings[standing].word} <b>{count}</b>
    </Link>
  );
}

function Row({ issue }: { readonly issue: KnownIssueRow }) {
  const standing = standingOf(issue);
  const hasDraft =
    issue.inForce !== undefined && issue.newest > issue.inForce && issue.newestState === 'draft';
  return (
    <li>
      <Link
        to="/known-issues/$knownIssueId"
        params={{ knownIssueId: issue.knownIssueId }}
        className={`${list.row} ${styles.row}`}
      >
        <span className={styles.machines} data-down={issue.machinesDown > 0 || undefined}>
          {issue.machinesDown > 0 ? (
            <>
              <b>{issue.machinesDown.toLocaleString('en')}</b> down now
            </>
          ) : issue.machines > 0 ? (
            `${issue.machines.toLocaleString('en')} had it`
          ) : (
            'none seen'
          )}
        </span>
        <span className={styles.what}>
          <b>{issue.title}</b>
          <span className={styles.cause}>{issue.cause}</span>
        </span>
        <span className={styles.does}>
          {issue.hasScript ? policyWords[issue.policy] : 'tells a person what to do'}
        </span>
        <span className={styles.standing} data-standing={standing}>
          {standings[standing].word}
          {hasDraft && <small>newer draft</small>}
        </span>
      </Link>
    </li>
  );
}

function NoneFound({ isSearched }: { readonly isSearched: boolean }) {
  return (
    <div className={list.none}>
      <h2>{isSearched ? 'No known issue is like that' : 'No known issue is stored'}</h2>
      <p>
        {isSearched
          ? 'Search for a vendor, a product or a word of the cause, or show all of them again.'
          : 'The catalogue that comes with Bootmend is read when the server starts; its log says why it was not.'}
      </p>
      {isSearched && <Link to="/known-issues">All known issues</Link>}
    </div>
  );
}

function ListSkeleton() {
  return (
    <div aria-busy="true" aria-label="Reading the known issues">
      <Skeleton height={32} width="min(520px, 90%)" />
      <div className={styles.rows}>
        {Array.from({ length: 6 }, (_, index) => (
          <div key={index} className={list.row}>
            <Skeleton height={16} width={`${70 - index * 6}%`} />
          </div>
        ))}
      </div>
    </div>
  );
}
