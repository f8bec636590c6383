import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, createContext, use, useEffect, useState, useSyncExternalStore } from 'react';
import { ChangeGathering } from './change-gathering.ts';
import { LiveFeed } from './live-feed.ts';

const LiveContext = createContext<LiveFeed | undefined>(undefined);

/** What incidents show in. */
const ofIncidents = [
  'incidents-head',
  'now',
  'known-issues',
  'known-issue',
  'tried-issue',
  'devices',
  'device',
];
/** What people and programs change by what they do. */
const ofDeeds = [
  'remediations',
  'remediation',
  'known-issues',
  'known-issue',
  'tried-issue',
  'undo-orders',
  'now',
  'recovery-keys',
  'key-requests',
  'agent-releases',
  'devices',
  'device',
  'device-readiness',
  'audit',
  'people',
  'api-tokens',
  'allowed-programs',
  'script-reach',
  'log-level',
];
/** What locked machines that ask for their recovery key show in. */
const ofKeyRequests = ['key-requests', 'now'];
/** No incident is called so. */
const deed = 'deed';
const keyRequest = 'key-request';

const readAgain = (queryClient: QueryClient, keys: Iterable<string>) =>
  Promise.all(Array.from(new Set(keys), key => queryClient.invalidateQueries({ queryKey: [key] })));

/** Reads again what changed; a failed answer is the business of whoever shows it. */
function refresh(queryClient: QueryClient, changed: ReadonlySet<string>) {
  const incidents = [...changed].filter(one => one !== deed && one !== keyRequest);
  return Promise.all([
    readAgain(queryClient, [
      ...(changed.has(deed) ? ofDeeds : []),
      ...(changed.has(keyRequest) ? ofKeyRequests : []),
      ...(incidents.length > 0 ? ofIncidents : []),
    ]),
    ...incidents.map(incidentId => queryClient.invalidateQueries({ queryKey: ['incident', incidentId] })),
  ]);
}

function createFeed(queryClient: QueryClient): LiveFeed {
  const gathering = new ChangeGathering(changed => refresh(queryClient, changed));
  return new LiveFeed({
    onEvent: event => gathering.add(event.kind === 'incident' ? event.incidentId : event.kind),
    onGap: () => void readAgain(queryClient, ['incident', ...ofIncidents, ...ofDeeds]),
  });
}

/** Keeps everything on the page true: each change the server tells of is read again. */
export function Live({ children }: { readonly children: ReactNode }) {
  const queryClient = useQueryClient();
  const [feed] = useState(() => createFeed(queryClient));
  useEffect(() => feed.open(), [feed]);
  return <LiveContext value={feed}>{children}</LiveContext>;
}

/** Whether the page hears of changes as they happen. */
export function useLiveState() {
  const feed = useFeed();
  return useSyncExternalStore(feed.watch, feed.getState);
}

/** When the stream of changes was cut, while it is. */
export function useLostAt() {
  const feed = useFeed();
  return useSyncExternalStore(feed.watch, feed.getLostAt);
}

function useFeed(): LiveFeed {
  const feed = use(LiveContext);
  if (feed === undefined)
    throw new Error('Live must stand around everything that asks how live the page is.');
  return feed;
}
