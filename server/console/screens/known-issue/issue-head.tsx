import { Link } from '@tanstack/react-router';
import type { KnownIssueDetail } from '../../../../shared/api/known-issue.ts';
import { Exact } from '../../parts/exact.tsx';
import { counted } from '../../words/amounts.ts';
import { policyWords, standingOf, standings } from '../../words/known-issues.ts';
import styles from './known-issue.module.css';

/** The verdict on one known issue: who has it, whether it is in force, what it does. */
export function IssueHead({ detail }: { readonly detail: KnownIssueDetail }) {
  const { row, version } = detail;
  const standing = standingOf(row);
  return (
    <header>
      <h1 className={styles.title}>{row.title}</h1>
      <p className={styles.lead}>{row.cause}</p>
      <p className={styles.quiet}>
        {standings[standing].word}
        {row.inForce === undefined ? '' : `, version ${row.inForce}`} ·{' '}
        {row.hasScript ? policyWords[row.policy] : 'tells a person what to do'} · {row.confidence} confidence
        ·{' '}
        <Link to="/incidents" search={{ search: row.knownIssueId }}>
          {row.machinesDown > 0
            ? `${counted(row.machinesDown, 'machine')} down now`
            : row.machines === 0
              ? 'no machine had it yet'
              : `${counted(row.machines, 'machine')} had it`}
        </Link>{' '}
        · <Exact value={row.knownIssueId} what="the name of the known issue" />
      </p>
      {row.inForce !== undefined && version !== row.inForce && (
        <p className={styles.note}>
          You see version {version}. Machines are matched with version {row.inForce}
          {version > row.inForce ? ' until this one is published.' : '.'}
        </p>
      )}
    </header>
  );
}
