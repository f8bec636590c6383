import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, createContext, use, useEffect, useState, useSyncExternalStore } from 'react';
import { LiveFeed } from './live-feed.ts';

const LiveContext = createContext<LiveFeed | undefined>(undefined);

/** Keeps everything on the page true: each change the server tells of is read again. */
export function Live({ children }: { readonly children: ReactNode }) {
  const queryClient = useQueryClient();
  const [feed] = useState(
    () =>
      new LiveFeed({
        onEvent(event) {
          void queryClient.invalidateQueries({ queryKey: ['incident', event.incidentId] });
          void queryClient.invalidateQueries({ queryKey: ['incidents-head'] });
        },
        onGap() {
          void queryClient.invalidateQueries({ queryKey: ['incident'] });
          void queryClient.invalidateQueries({ queryKey: ['incidents-head'] });
        },
      }),
  );
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
