import { Link } from '@tanstack/react-router';
import list from '../../parts/place-list.module.css';
import { markWords } from '../../words/states.ts';
import type { IncidentsSearch } from './incidents-search.ts';

interface NoneFoundProps {
  readonly search: IncidentsSearch;
  readonly isNarrowed: boolean;
}

/** A filter or search that leaves nothing, and the way back. */
export function NoneFound({ search, isNarrowed }: NoneFoundProps) {
  const among = search.state === undefined ? '' : ` under “${markWords[search.state]}”`;
  return (
    <div className={list.none}>
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
