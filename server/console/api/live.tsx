import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, createContext, use, useEffect, useState, useSyncExternalStore } from 'react';
import { ChangeGathering } from './change-gathering.ts';
import { LiveFeed } from './live-feed.ts';

const LiveContext = createContext<LiveFeed | undefined>(undefined);

/** Reads again what changed; a failed answer is the business of whoever shows it. */
const refresh = (queryClient: QueryClient, changed: ReadonlySet<string>) =>
  Promise.all([
    queryClient.invalidateQueries({ queryKey: ['incidents-head'] }),
    queryClient.invalidateQueries({ queryKey: ['now'] }),
    queryClient.invalidateQueries({ queryKey: ['known-issues'] }),
    queryClient.invalidateQueries({ queryKey: ['known-issue'] }),
    ...[...changed].map(incidentId => queryClient.invalidateQueries({ queryKey: ['incident', incidentId] })),
  ]);

function createFeed(queryClient: QueryClient): LiveFeed {
  const gathering = new ChangeGathering(changed => refresh(queryClient, changed));
  return new LiveFeed({
    onEvent: event => gathering.add(event.incidentId),
    onGap() {
      void queryClient.invalidateQueries({ queryKey: ['incident'] });
      void queryClient.invalidateQueries({ queryKey: ['incidents-head'] });
      void queryClient.invalidateQueries({ queryKey: ['now'] });
      void queryClient.invalidateQueries({ queryKey: ['known-issues'] });
      void queryClient.invalidateQueries({ queryKey: ['known-issue'] });
    },
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
