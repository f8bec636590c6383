import { Button } from '@mantine/core';
import { Suspense, lazy, useState } from 'react';
import type { IncidentDetail } from '../../../../shared/api/incident.ts';
import { useSession } from '../../api/session.ts';
import { useShortcuts } from '../../frame/shortcuts.tsx';
import { hasRightsOf } from '../../words/rights.ts';
import type { ActName } from './act-dialog.tsx';
import styles from './incident.module.css';

const ActDialog = lazy(async () => ({ default: (await import('./act-dialog.tsx')).ActDialog }));
const UndoState = lazy(async () => ({ default: (await import('./undo-state.tsx')).UndoState }));

interface Act {
  readonly name: ActName;
  readonly key: string;
  readonly word: string;
}

const actsWhileDown: readonly Act[] = [
  { name: 'assign', key: 'a', word: 'Choose a repair' },
  { name: 'retry', key: 'r', word: 'Begin again' },
  { name: 'mark-healed', key: 'h', word: 'Mark as healed' },
];
const actsAfterHealing: readonly Act[] = [{ name: 'undo', key: 'z', word: 'Take the repair back' }];

/** What a person can do about a machine; what each will do is said before it is done. */
export function IncidentActs({ detail }: { readonly detail: IncidentDetail }) {
  const [asked, setAsked] = useState<ActName>();
  const mayAct = hasRightsOf(useSession().data?.role, 'operator');
  const isOver = detail.incident.closedAt !== undefined;
  const wasHealed = detail.attempts.at(-1)?.state === 'healed';
  const acts = !isOver ? actsWhileDown : wasHealed ? actsAfterHealing : [];
  useShortcuts(
    mayAct ? acts.map(({ name, key, word }) => ({ keys: [key], does: word, run: () => setAsked(name) })) : [],
  );
  const isWaiting = ['unexplained', 'awaiting-person'].includes(detail.incident.state);
  return (
    <>
      {!mayAct && !isOver && (
        <p className={styles.quiet}>The role operator may choose a repair, begin again or end this.</p>
      )}
      {mayAct && acts.length > 0 && (
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
        </div>
      )}
      <Suspense>
        {detail.attempts.length > 0 && isOver && <UndoState detail={detail} mayAct={mayAct} />}
        {asked !== undefined && <ActDialog act={asked} detail={detail} onClose={() => setAsked(undefined)} />}
      </Suspense>
    </>
  );
}
