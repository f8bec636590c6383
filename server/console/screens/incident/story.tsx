import { UnstyledButton } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useState } from 'react';
import type { TimelineEntry } from '../../../../shared/api/incident.ts';
import { Moment } from '../../parts/moment.tsx';
import { offsetText } from '../../words/times.ts';
import styles from './story.module.css';

const tellers: Readonly<Record<TimelineEntry['kind'], string>> = {
  device: 'Machine',
  server: 'Server',
  person: 'Person',
};
const shortStory = { wide: 24, narrow: 4 };

/** What happened, moment by moment: who did it, when, and how long after the first. */
export function Story({ timeline }: { readonly timeline: readonly TimelineEntry[] }) {
  const [isWhole, setWhole] = useState(false);
  const isNarrow = useMediaQuery('(max-width: 1000px)', undefined, { getInitialValueInEffect: false });
  const first = timeline[0];
  const hidden = isWhole
    ? 0
    : Math.max(0, timeline.length - (isNarrow ? shortStory.narrow : shortStory.wide));
  return (
    <section className={styles.story} aria-labelledby="story">
      <h2 id="story">What happened</h2>
      {hidden > 0 && (
        <UnstyledButton className={styles.earlier} onClick={() => setWhole(true)}>
          Show {hidden} earlier {hidden === 1 ? 'moment' : 'moments'}
        </UnstyledButton>
      )}
      {first === undefined && <p>The machine has told nothing yet.</p>}
      <ol>
        {timeline.slice(hidden).map(entry => (
          <li key={`${entry.at} ${entry.title} ${entry.detail ?? ''}`} data-kind={entry.kind}>
            <Moment at={entry.at} as="clock" focusable />
            <div>
              <p className={styles.title}>
                {entry.title}
                <span className="sr-only"> ({tellers[entry.kind]})</span>
              </p>
              {entry.detail !== undefined && <p className={styles.detail}>{entry.detail}</p>}
            </div>
            <span className={styles.offset}>
              {entry === first ? '' : offsetText(entry.at, first?.at ?? entry.at)}
            </span>
          </li>
        ))}
      </ol>
      <p className={styles.legend} aria-hidden="true">
        <span data-kind="device">Machine</span>
        <span data-kind="server">Server</span>
        <span data-kind="person">Person</span>
      </p>
    </section>
  );
}
