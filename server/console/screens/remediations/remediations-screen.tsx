import { Button, Skeleton } from '@mantine/core';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { RemediationRow } from '../../../../shared/api/remediation.ts';
import { remediationStates } from '../../../../shared/api/remediation-state.ts';
import { useRemediations } from '../../api/remediations.ts';
import { usePageHead } from '../../frame/page-head.ts';
import { useShortcuts } from '../../frame/shortcuts.tsx';
import { fits, FilterField } from '../../parts/filter-field.tsx';
import { Moment } from '../../parts/moment.tsx';
import { PageProblem } from '../../parts/page-problem.tsx';
import { MarkShape } from '../../parts/state-mark.tsx';
import { remediationWords, riskWords } from '../../words/remediations.ts';
import styles from './remediations.module.css';

/** Every script, the newest change first; the first line says whether somebody has to sign. */
export function RemediationsScreen() {
  const search = useSearch({ from: '/frame/remediations' });
  const navigate = useNavigate({ from: '/remediations' });
  const list = useRemediations();
  const rows = list.data?.remediations ?? [];
  usePageHead('Remediations');
  useShortcuts([
    { keys: ['c'], does: 'Write a new script', run: () => void navigate({ to: '/remediations/new' }) },
  ]);
  if (list.data === undefined && list.error !== null)
    return <PageProblem error={list.error} what="the remediations" onRetry={() => void list.refetch()} />;
  const shown = rows.filter(
    row =>
      (search.state === undefined || row.state === search.state) &&
      fits(search.search ?? '', row.remediationId, row.title, row.author),
  );
  return (
    <>
      <div className={styles.head}>
        {list.data === undefined ? (
          <Skeleton height={30} width={420} maw="80%" mt={2} />
        ) : (
          <h1 className={styles.verdict}>{verdictOf(rows)}</h1>
        )}
        <Button component={Link} to="/remediations/new">
          New script
        </Button>
      </div>
      <div className={styles.tools}>
        <nav className={styles.chips} aria-label="Filter by state">
          {[undefined, ...remediationStates].map(state => (
            <Link
              key={state ?? 'all'}
              to="/remediations"
              search={{ ...(search.search && { search: search.search }), ...(state && { state }) }}
              replace
              resetScroll={false}
              className={styles.chip}
              aria-current={search.state === state ? 'true' : undefined}
              activeProps={{}}
            >
              {state !== undefined && <MarkShape mark={remediationWords[state].mark} size={12} />}
              {state === undefined ? 'All' : remediationWords[state].word}
              <b>{rows.filter(row => state === undefined || row.state === state).length}</b>
            </Link>
          ))}
        </nav>
        <FilterField
          what="scripts"
          text={search.search ?? ''}
          onChange={text =>
            void navigate({
              search: {
                ...(search.state && { state: search.state }),
                ...(text !== '' && { search: text }),
              },
              replace: true,
              resetScroll: false,
            })
          }
          shown={shown.length}
          total={rows.length}
        />
      </div>
      {list.data === undefined ? (
        <div aria-busy="true">
          <Skeleton height={56} mt={12} />
          <Skeleton height={56} mt={12} />
        </div>
      ) : shown.length === 0 ? (
        <p className={styles.none}>
          {rows.length === 0
            ? 'There is no script yet. Start from a template, or paste the commands that somebody sent you.'
            : 'No script fits this filter.'}
        </p>
      ) : (
        <ul className={styles.list} aria-label="Remediations">
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
        className={styles.row}
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
