import { Link } from '@tanstack/react-router';
import { usePageHead } from '../frame/page-head.ts';
import { PageNote } from '../parts/page-problem.tsx';

/** For addresses that lead nowhere. */
export function NotFound() {
  usePageHead('Not found');
  return (
    <main>
      <PageNote title="Nothing lives at this address">
        <p>
          The link may be cut off at its end. Every incident can be found in the list by its code or device
          name.
        </p>
        <Link to="/incidents">All incidents</Link>
      </PageNote>
    </main>
  );
}
