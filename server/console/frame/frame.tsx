import { Link, Outlet, useLocation, useNavigate, useRouter } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { Live } from '../api/live.tsx';
import { ApiError } from '../api/call.ts';
import { useSession } from '../api/session.ts';
import { PageProblem } from '../parts/page-problem.tsx';
import { useCurrentInSight } from '../parts/use-current-in-sight.ts';
import mark from '../marks/bootmend.svg';
import { FrameMenu } from './frame-menu.tsx';
import { Finder } from './finder.tsx';
import styles from './frame.module.css';
import { LiveIndicator } from './live-indicator.tsx';
import { OfflineBar } from './offline-bar.tsx';
import { SessionEnded } from './session-ended.tsx';
import { ShortcutSheet, useShortcuts } from './shortcuts.tsx';

/** The house: its places, who is here, whether it is live. Only for people who are signed in. */
export function Frame() {
  const session = useSession();
  const isSignedOut = session.error instanceof ApiError && session.error.status === 401;
  const mustSignIn = isSignedOut && session.data === undefined;
  const router = useRouter();
  useEffect(() => {
    if (!mustSignIn) return;
    void router.navigate({ to: '/sign-in', search: { to: router.latestLocation.href }, replace: true });
  }, [mustSignIn, router]);
  if (session.data === undefined) {
    if (session.error !== null && !mustSignIn)
      return (
        <main className={styles.page}>
          <PageProblem error={session.error} what="who is signed in" onRetry={() => void session.refetch()} />
        </main>
      );
    return <div className={styles.bar} aria-busy="true" />;
  }
  return (
    <Live>
      <Places session={session.data} />
      {isSignedOut && <SessionEnded name={session.data.name} />}
    </Live>
  );
}

function Places({ session }: { readonly session: NonNullable<ReturnType<typeof useSession>['data']> }) {
  const [isSheetOpen, setSheetOpen] = useState(false);
  const navigate = useNavigate();
  useShortcuts([
    { keys: ['g', 'n'], does: 'Go to now', isEverywhere: true, run: () => void navigate({ to: '/now' }) },
    {
      keys: ['g', 'd'],
      does: 'Go to devices',
      isEverywhere: true,
      run: () => void navigate({ to: '/devices' }),
    },
    {
      keys: ['g', 's'],
      does: 'Go to system',
      isEverywhere: true,
      run: () => void navigate({ to: '/system/$part', params: { part: 'health' } }),
    },
    {
      keys: ['g', 'i'],
      does: 'Go to incidents',
      isEverywhere: true,
      run: () => void navigate({ to: '/incidents' }),
    },
    {
      keys: ['g', 'k'],
      does: 'Go to known issues',
      isEverywhere: true,
      run: () => void navigate({ to: '/known-issues' }),
    },
    {
      keys: ['g', 'r'],
      does: 'Go to remediations',
      isEverywhere: true,
      run: () => void navigate({ to: '/remediations' }),
    },
    { keys: ['?'], does: 'Show this sheet', isEverywhere: true, run: () => setSheetOpen(true) },
  ]);
  useFocusOnArrival();
  const places = useRef<HTMLElement>(null);
  useCurrentInSight(places, useLocation({ select: location => location.pathname }));
  return (
    <>
      <a className={styles.skip} href="#content">
        Skip to the content
      </a>
      <header className={styles.bar}>
        <div className={styles.inner}>
          <Link to="/now" className={styles.brand}>
            <img src={mark} alt="" width="20" height="20" />
            Bootmend
          </Link>
          <nav ref={places} className={styles.places} aria-label="Places">
            <Link to="/now">Now</Link>
            <Link to="/incidents" activeOptions={{ includeSearch: false }}>
              Incidents
            </Link>
            <Link to="/known-issues" activeOptions={{ includeSearch: false }}>
              Known issues
            </Link>
            <Link to="/remediations" activeOptions={{ includeSearch: false }}>
              Remediations
            </Link>
            <Link to="/devices" activeOptions={{ includeSearch: false }}>
              Devices
            </Link>
            <Link to="/system">System</Link>
          </nav>
          <div className={styles.end}>
            <Finder />
            <LiveIndicator />
            <FrameMenu session={session} onShowSheet={() => setSheetOpen(true)} />
          </div>
        </div>
      </header>
      <OfflineBar />
      <main className={styles.page} id="content" tabIndex={-1}>
        <Outlet />
      </main>
      <ShortcutSheet opened={isSheetOpen} onClose={() => setSheetOpen(false)} />
    </>
  );
}

/** A new page takes the focus when nothing on it did, so that keyboards and screen readers start at its top. */
function useFocusOnArrival(): void {
  const path = useLocation({ select: location => location.pathname });
  const left = useRef(path);
  useEffect(() => {
    if (left.current === path) return;
    left.current = path;
    if (document.activeElement === document.body)
      document.getElementById('content')?.focus({ preventScroll: true });
  }, [path]);
}
