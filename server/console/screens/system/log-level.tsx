import { Button, NativeSelect } from '@mantine/core';
import { useState } from 'react';
import type { SystemLogLevel } from '../../../../shared/api/system.ts';
import { useSession } from '../../api/session.ts';
import { useLogLevel, useLogLevelChange } from '../../api/system.ts';
import { Moment } from '../../parts/moment.tsx';
import { hasRightsOf } from '../../words/rights.ts';
import styles from './system.module.css';

const meanings: Readonly<Record<SystemLogLevel, string>> = {
  error: 'only what a person must act on',
  warn: 'what a person must act on, and what healed by itself',
  info: 'what failed, what healed by itself, and what changed',
  debug: 'everything, refused requests too',
};
const levels = Object.keys(meanings) as SystemLogLevel[];

/** How much the log tells; an admin lets it tell more for a while. */
export function LogLevel() {
  const role = useSession().data?.role;
  const log = useLogLevel(hasRightsOf(role, 'operator'));
  const change = useLogLevelChange();
  const [level, setLevel] = useState<SystemLogLevel>('debug');
  const [minutes, setMinutes] = useState('30');
  if (log.data === undefined) return null;
  const { level: now, usual, endsAt } = log.data;
  return (
    <section className={styles.section}>
      <h2>Log</h2>
      <p aria-live="polite">
        It tells {meanings[now]} ({now}).{' '}
        {endsAt !== undefined && (
          <>
            It goes back to {usual} at <Moment at={endsAt} as="clock" />.
          </>
        )}
      </p>
      {hasRightsOf(role, 'admin') ? (
        <form
          className={styles.form}
          onSubmit={event => {
            event.preventDefault();
            change.mutate({ level, minutes: Number(minutes) });
          }}
        >
          <NativeSelect
            label="Level"
            data={levels}
            value={level}
            onChange={event => setLevel(levels.find(one => one === event.currentTarget.value) ?? 'info')}
          />
          <NativeSelect
            label="For"
            data={[
              { value: '10', label: '10 minutes' },
              { value: '30', label: '30 minutes' },
              { value: '120', label: '2 hours' },
            ]}
            value={minutes}
            onChange={event => setMinutes(event.currentTarget.value)}
          />
          <Button type="submit" variant="default" loading={change.isPending}>
            Change it for a while
          </Button>
        </form>
      ) : (
        <p className={styles.quiet}>The role admin changes it.</p>
      )}
      {change.error !== null && <p role="alert">{change.error.message}</p>}
    </section>
  );
}
