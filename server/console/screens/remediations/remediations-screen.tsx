import { Button, Skeleton } from '@mantine/core';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useRef } from 'react';
import type { RemediationRow } from '../../../../shared/api/remediation.ts';
import { remediationStates } from '../../../../shared/api/remediation-state.ts';
import { useRemediations } from '../../api/remediations.ts';
import { useSession } from '../../api/session.ts';
import { usePageHead } from '../../frame/page-head.ts';
import { useShortcuts } from '../../frame/shortcuts.tsx';
import { fits } from '../../parts/filter-field.tsx';
import { Moment } from '../../parts/moment.tsx';
import { PageProblem } from '../../parts/page-problem.tsx';
import list from '../../parts/place-list.module.css';
import { SearchField } from '../../parts/search-field.tsx';
import { MarkShape } from '../../parts/state-mark.tsx';
import { useRowKeys } from '../../parts/use-row-keys.ts';
import { Verdict } from '../../parts/verdict.tsx';
import { remediationWords, riskWords } from '../../words/remediations.ts';
import { hasRightsOf } from '../../words/rights.ts';
import styles from './remediations.module.css';

/** Every script, the newest change first; the first line says whether somebody has to sign. */
export function RemediationsScreen() {
  const search = useSearch({ from: '/frame/remediations' });
  const navigate = useNavigate({ from: '/remediations' });
  const query = useRemediations();
  const rowList = useRef<HTMLUListElement>(null);
  const rows = query.data?.remediations ?? [];
  usePageHead('Remediations');
  useRowKeys(rowList, 'remediation');
  const isAuthor = hasRightsOf(useSession().data?.role, 'author');
  useShortcuts(
    isAuthor
      ? [{ keys: ['c'], does: 'Write a new script', run: () => void navigate({ to: '/remediations/new' }) }]
      : [],
  );
  if (query.data === undefined && query.error !== null)
    return <PageProblem error={query.error} what="the remediations" onRetry={() => void query.refetch()} />;
  const shown = rows.filter(
    row =>
      (search.state === undefined || row.state === search.state) &&
      fits(search.search ?? '', row.remediationId, row.title, row.author),
  );
  return (
    <>
      <div className={list.head}>
        {query.data === undefined ? (
          <Skeleton height={30} width={420} maw="80%" mt={2} />
        ) : (
          <Verdict>{verdictOf(rows)}</Verdict>
        )}
        {isAuthor && (
          <Button component={Link} to="/remediations/new">
            New script
          </Button>
        )}
      </div>
      <div className={list.tools}>
        <nav className={list.chips} aria-label="Filter by state">
          {[undefined, ...remediationStates].map(state => (
            <Link
              key={state ?? 'all'}
              to="/remediations"
              search={{ ...(search.search && { search: search.search }), ...(state && { state }) }}
              replace
              resetScroll={false}
              aria-current={search.state === state ? 'true' : undefined}
              data-none={(state !== undefined && rows.every(row => row.state !== state)) || undefined}
              activeProps={{}}
            >
              {state !== undefined && <MarkShape mark={remediationWords[state].mark} size={12} />}
              {state === undefined ? 'All' : remediationWords[state].word}
              <b>{rows.filter(row => state === undefined || row.state === state).length}</b>
            </Link>
          ))}
        </nav>
        <SearchField
          what="remediations"
          placeholder="Title, name, author"
          text={search.search ?? ''}
          onSearch={text =>
            void navigate({
              search: {
                ...(search.state && { state: search.state }),
                ...(text !== '' && { search: text }),
              },
              replace: true,
              resetScroll: false,
            })
          }
        />
      </div>
      {query.data === undefined ? (
        <div aria-busy="true">
          <Skeleton height={56} mt={12} />
          <Skeleton height={56} mt={12} />
        </div>
      ) : shown.length === 0 ? (
        <NoneFound isSearched={rows.length > 0} />
      ) : (
        <ul ref={rowList} className={styles.list} aria-label="Remediations">
          {shown.map(row => (
            <Row key={row.remediationId} row={row} />
          ))}
        </ul>
      )}
    </>
  );
}

function Row({ row }: { readonly row: RemediationRow }) {
  const { mark, word } = remediationWords[row.state];
  const versions =
    row.versionInForce === undefined || row.versionInForce === row.newestVersion
      ? `version ${row.newestVersion}`
      : `version ${row.versionInForce} in force, ${row.newestVersion} newest`;
  return (
    <li>
      <Link
        to="/remediations/$remediationId"
        params={{ remediationId: row.remediationId }}
        className={`${list.row} ${styles.row}`}
      >
        <span className={styles.state} data-mark={mark}>
          <MarkShape mark={mark} /> {word}
        </span>
        <span className={styles.title}>{row.title}</span>
        <code className={styles.id}>{row.remediationId}</code>
        <span className={styles.quiet}>
          {riskWords[row.risk]} · {versions} · {row.author} · <Moment at={row.changedAt} as="ago" />
        </span>
      </Link>
    </li>
  );
}

function NoneFound({ isSearched }: { readonly isSearched: boolean }) {
  return (
    <div className={list.none}>
      <h2>{isSearched ? 'No script is like that' : 'No script is written yet'}</h2>
      <p>
        {isSearched ? (
          <Link to="/remediations">Show all remediations</Link>
        ) : (
          <>
            <Link to="/remediations/new">Start from a template</Link>, or paste the commands that somebody
            sent you.
          </>
        )}
      </p>
    </div>
  );
}

function verdictOf(rows: readonly RemediationRow[]): string {
  const count = (state: RemediationRow['state']) => rows.filter(row => row.state === state).length;
  const inForce = rows.filter(row => row.versionInForce !== undefined).length;
  if (rows.length === 0) return 'No remediation is written yet.';
  const waiting = count('waiting') + count('draft');
  const forced =
    inForce === 0
      ? 'No script is in force'
      : inForce === 1
        ? '1 script is in force'
        : `${inForce} scripts are in force`;
  if (waiting === 0) return `${forced}; nothing waits for a signature.`;
  return `${forced}; ${waiting === 1 ? '1 waits' : `${waiting} wait`} for a signature.`;
}
