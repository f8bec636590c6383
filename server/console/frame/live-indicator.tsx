import { Tooltip } from '@mantine/core';
import type { LiveState } from '../api/live-feed.ts';
import { useLiveState } from '../api/live.tsx';
import styles from './live-indicator.module.css';

const words: Readonly<Record<LiveState, { readonly word: string; readonly meaning: string }>> = {
  connecting: { word: 'Connecting', meaning: 'Asking the server for changes as they happen' },
  live: { word: 'Live', meaning: 'Changes show as they happen' },
  reconnecting: {
    word: 'Reconnecting',
    meaning: 'The stream of changes was cut; what you see may be seconds old',
  },
  offline: { word: 'Offline', meaning: 'The server does not answer; what you see is from before' },
};

/** Whether the page hears of changes as they happen. */
export function LiveIndicator() {
  const state = useLiveState();
  const { word, meaning } = words[state];
  return (
    <Tooltip label={meaning}>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- its meaning can be read by keyboard too */}
      <output className={styles.indicator} data-state={state} tabIndex={0}>
        <i aria-hidden="true" />
        {word}
      </output>
    </Tooltip>
  );
}
