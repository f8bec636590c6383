import { Link } from '@tanstack/react-router';
import { markWords } from '../../words/states.ts';
import type { IncidentsSearch } from './incidents-search.ts';
import styles from './incidents.module.css';

interface NoneFoundProps {
  readonly search: IncidentsSearch;
  readonly isNarrowed: boolean;
}

/** A filter or search that leaves nothing, and the way back. */
export function NoneFound({ search, isNarrowed }: NoneFoundProps) {
  const among = search.state === undefined ? '' : ` under “${markWords[search.state]}”`;
  return (
    <div className={styles.none}>
      <h2>
        {search.search === undefined ? `No incident${among}` : `Nothing fits “${search.search}”${among}`}
      </h2>
      <p>
        The search looks at device names, the code on the machine&rsquo;s screen, causes, drivers and stop
        codes.{' '}
        {isNarrowed && (
          <Link to="/incidents" search={{}}>
            Show all incidents
          </Link>
        )}
      </p>
    </div>
  );
}
