import { Button, PasswordInput, TextInput } from '@mantine/core';
import { type SubmitEvent, useState } from 'react';
import { openLink } from '../../../../shared/api/session.ts';
import { ApiError } from '../../api/call.ts';
import { useOpenLink } from '../../api/session.ts';
import styles from '../sign-in/door.module.css';

interface WelcomeFormProps {
  readonly secret: string;
  readonly onOpened: () => void;
  /** The link itself opens nothing any more. */
  readonly onDead: (error: ApiError) => void;
}

const shortest = 12;

/** Name and password of the account that a one-time link makes. */
export function WelcomeForm({ secret, onOpened, onDead }: WelcomeFormProps) {
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [wasSent, setSent] = useState(false);
  const open = useOpenLink();
  const missing = shortest - password.length;
  const body = openLink.safeParse({ secret, name, password });

  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    setSent(true);
    if (!body.success) return;
    open.mutate(body.data, {
      onSuccess: onOpened,
      onError(error) {
        if (error instanceof ApiError && deadCodes.has(error.code)) onDead(error);
      },
    });
  };

  return (
    <form className={styles.form} onSubmit={submit} noValidate>
      <TextInput
        label="Name"
        name="username"
        autoComplete="username"
        maxLength={60}
        value={name}
        onChange={event => setName(event.currentTarget.value)}
        error={wasSent && name === '' ? 'Choose a name.' : null}
      />
      <PasswordInput
        label="Password"
        name="password"
        autoComplete="new-password"
        maxLength={200}
        description={`At least ${shortest} characters; a sentence is easier to keep than a riddle.`}
        value={password}
        onChange={event => setPassword(event.currentTarget.value)}
        error={
          wasSent && missing > 0 ? `${missing} more ${missing === 1 ? 'character' : 'characters'}.` : null
        }
        visibilityToggleButtonProps={{ 'aria-label': 'Show the password' }}
      />
      {open.error !== null && (
        <p className={styles.error} role="alert">
          {explain(open.error)}
        </p>
      )}
      <Button type="submit" loading={open.isPending}>
        Make the account
      </Button>
    </form>
  );
}

const deadCodes: ReadonlySet<string> = new Set(['link-expired', 'not-found']);

function explain(error: Error): string {
  if (!(error instanceof ApiError)) return error.message;
  if (error.kind === 'unreachable')
    return 'The server does not answer. The link stays good; try again in a moment.';
  if (error.code === 'name-taken')
    return 'Somebody has this name already. Choose another; the link stays good.';
  return error.message;
}
