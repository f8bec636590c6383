import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useIncident } from '../../api/incidents.ts';
import { ApiError } from '../../api/call.ts';
import { usePageHead } from '../../frame/page-head.ts';
import { useShortcuts } from '../../frame/shortcuts.tsx';
import { PageNote, PageProblem } from '../../parts/page-problem.tsx';
import { PhaseTrack } from '../../parts/phase-track.tsx';
import { readStations } from '../../words/phases.ts';
import { stateWords } from '../../words/states.ts';
import { readerPlace } from '../incidents/reader-place.ts';
import { IncidentActs } from './incident-acts.tsx';
import { IncidentHead } from './incident-head.tsx';
import { type IncidentTab, incidentTabs } from './incident-search.ts';
import { IncidentSkeleton } from './incident-skeleton.tsx';
import { IncidentTabs, tabsId } from './incident-tabs.tsx';
import styles from './incident.module.css';
import { Story } from './story.tsx';

const tabs = Object.keys(incidentTabs) as IncidentTab[];

/** One machine's story: the verdict, then cause, remedy and proof, then everything that shows it. */
export function IncidentScreen() {
  const { incidentId } = useParams({ from: '/frame/incidents/$incidentId' });
  const { tab = 'why' } = useSearch({ from: '/frame/incidents/$incidentId' });
  const navigate = useNavigate({ from: '/incidents/$incidentId' });
  const { data: detail, error, refetch } = useIncident(incidentId);

  const openTab = (next: IncidentTab) => {
    void navigate({ search: before => ({ ...before, tab: next }), replace: true, resetScroll: false });
    showTabs();
  };
  useShortcuts([
    { keys: ['e'], does: 'Open the evidence', run: () => openTab('files') },
    ...tabs.map((name, index) => ({
      keys: [String((index + 1) % 10)],
      does: `Open “${incidentTabs[name]}”`,
      run: () => openTab(name),
    })),
    {
      keys: ['u'],
      does: 'Back to the list',
      run: () => void navigate({ to: '/incidents', search: { ...readerPlace(), selected: incidentId } }),
    },
  ]);

  const state = detail?.incident.state;
  usePageHead(
    detail === undefined
      ? 'Incident'
      : `${stateWords[detail.incident.state].word}: ${detail.incident.deviceName}`,
    state && stateWords[state].mark,
  );

  if (detail === undefined) {
    if (error === null) return <IncidentSkeleton />;
    if (error instanceof ApiError && error.status === 404) return <NoIncident />;
    return <PageProblem error={error} what="this incident" onRetry={() => void refetch()} />;
  }
  return (
    <article>
      <IncidentHead detail={detail} onOpenTab={openTab} />
      <IncidentActs detail={detail} />
      <div className={styles.phases}>
        <PhaseTrack stations={readStations(detail.timeline, detail.incident.state)} />
      </div>
      <div className={styles.body}>
        <IncidentTabs detail={detail} tab={tab} onOpenTab={openTab} />
        <div className={styles.story}>
          <Story timeline={detail.timeline} />
        </div>
      </div>
    </article>
  );
}

/** Brings the tabs into sight when they stand too far down to see what was opened. */
function showTabs(): void {
  const place = document.getElementById(tabsId);
  if (place !== null && place.getBoundingClientRect().top > window.innerHeight * 0.7) place.scrollIntoView();
}

function NoIncident() {
  usePageHead('Not found');
  return (
    <PageNote title="There is no such incident">
      <p>
        The link may be cut off, or the incident was deleted after its time. Devices and the codes on their
        screens can be found in the list.
      </p>
      <Link to="/incidents">All incidents</Link>
    </PageNote>
  );
}
