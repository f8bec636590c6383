import { Link } from '@tanstack/react-router';
import type { KnownIssueDetail, KnownIssueVersion, RuleTrial } from '../../../../shared/api/known-issue.ts';
import { counted } from '../../words/amounts.ts';
import { Moment } from '../../parts/moment.tsx';
import styles from './known-issue.module.css';

const stateWords: Readonly<Record<KnownIssueVersion['state'], string>> = {
  draft: 'draft',
  published: 'published',
  withdrawn: 'withdrawn',
};

function fitsOf({ matched, healthy }: RuleTrial): string {
  const hits = healthy.matched === 0 ? '' : `, and ${counted(healthy.matched, 'healthy machine')}`;
  return `fits ${matched.toLocaleString('en')}${hits}`;
}

/** Every version there is; a version never changes. */
export function VersionsPanel({ detail }: { readonly detail: KnownIssueDetail }) {
  return (
    <table className={styles.counts}>
      <thead>
        <tr>
          <th>Version</th>
          <th>Standing</th>
          <th>By</th>
          <th>Saved</th>
          <th>Back-test</th>
        </tr>
      </thead>
      <tbody>
        {detail.versions.map(one => (
          <tr key={one.version}>
            <td>
              <Link
                to="/known-issues/$knownIssueId"
                params={{ knownIssueId: detail.row.knownIssueId }}
                search={{ version: one.version, tab: 'versions' }}
                aria-current={one.version === detail.version || undefined}
              >
                Version {one.version}
              </Link>
            </td>
            <td>{one.version === detail.row.inForce ? 'in force' : stateWords[one.state]}</td>
            <td>{one.origin === 'shipped' ? 'Bootmend' : one.author}</td>
            <td>
              <Moment at={one.createdAt} as="instant" />
            </td>
            <td>{one.backTest?.trial ? fitsOf(one.backTest.trial) : '–'}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
