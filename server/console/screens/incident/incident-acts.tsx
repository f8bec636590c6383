import { Button } from '@mantine/core';
import { Suspense, lazy, useState } from 'react';
import type { IncidentDetail } from '../../../../shared/api/incident.ts';
import { useSession } from '../../api/session.ts';
import { useShortcuts } from '../../frame/shortcuts.tsx';
import { hasRightsOf } from '../../words/rights.ts';
import type { ActName } from './act-dialog.tsx';
import styles from './incident.module.css';

const ActDialog = lazy(async () => ({ default: (await import('./act-dialog.tsx')).ActDialog }));

const acts: readonly { readonly name: ActName; readonly key: string; readonly word: string }[] = [
  { name: 'assign', key: 'a', word: 'Choose a repair' },
  { name: 'retry', key: 'r', word: 'Begin again' },
  { name: 'mark-healed', key: 'h', word: 'Mark as healed' },
];

/** What a person can do about a machine that is down; what each will do is said before it is done. */
export function IncidentActs({ detail }: { readonly detail: IncidentDetail }) {
  const [asked, setAsked] = useState<ActName>();
  const { data: session } = useSession();
  const isOver = detail.incident.closedAt !== undefined;
  const mayAct = hasRightsOf(session?.role, 'operator') && !isOver;
  useShortcuts(
    mayAct ? acts.map(({ name, key, word }) => ({ keys: [key], does: word, run: () => setAsked(name) })) : [],
  );
  if (isOver) return null;
  if (!mayAct)
    return <p className={styles.quiet}>The role operator may choose a repair, begin again or end this.</p>;
  const isWaiting = ['unexplained', 'awaiting-person'].includes(detail.incident.state);
  return (
    <div className={styles.acts}>
      {acts.map(({ name, word }) => (
        <Button
          key={name}
          size="compact-md"
          {...(name === 'assign' && isWaiting ? {} : { variant: 'default' })}
          onClick={() => setAsked(name)}
        >
          {word}
        </Button>
      ))}
      {asked !== undefined && (
        <Suspense>
          <ActDialog act={asked} detail={detail} onClose={() => setAsked(undefined)} />
        </Suspense>
      )}
    </div>
  );
}
