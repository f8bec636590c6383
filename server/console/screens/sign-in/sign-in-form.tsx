import { Button, PasswordInput, TextInput } from '@mantine/core';
import { type SubmitEvent, useState } from 'react';
import { ApiError } from '../../api/call.ts';
import { useSignIn } from '../../api/session.ts';
import styles from './door.module.css';

interface SignInFormProps {
  /** Whose session ended, when that is known. */
  readonly name?: string;
}

/** Name and password of a local account. */
export function SignInForm({ name: knownName = '' }: SignInFormProps) {
  const [name, setName] = useState(knownName);
  const [password, setPassword] = useState('');
  const signIn = useSignIn();
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    signIn.mutate({ name, password }, { onError: () => setPassword('') });
  };
  return (
    <form className={styles.form} onSubmit={submit}>
      <TextInput
        label="Name"
        name="username"
        autoComplete="username"
        value={name}
        onChange={event => setName(event.currentTarget.value)}
        data-autofocus={knownName === '' || undefined}
        required
        withAsterisk={false}
      />
      <PasswordInput
        label="Password"
        name="password"
        autoComplete="current-password"
        value={password}
        onChange={event => setPassword(event.currentTarget.value)}
        data-autofocus={knownName !== '' || undefined}
        visibilityToggleButtonProps={{ 'aria-label': 'Show the password' }}
        required
        withAsterisk={false}
      />
      {signIn.error !== null && (
        <p className={styles.error} role="alert">
          {explain(signIn.error)}
        </p>
      )}
      <Button type="submit" loading={signIn.isPending}>
        Sign in
      </Button>
    </form>
  );
}

function explain(error: Error): string {
  if (!(error instanceof ApiError)) return error.message;
  if (error.kind === 'unreachable')
    return 'The server does not answer. Nothing was changed; try again in a moment.';
  if (error.code === 'wrong-name-or-password') return 'Name and password do not fit together.';
  if (error.code === 'too-many-requests') return 'Too many tries. Wait a minute, then try again.';
  return error.message;
}
