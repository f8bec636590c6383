import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { ApiError } from '../../api/call.ts';
import { usePageHead } from '../../frame/page-head.ts';
import { CommandLine } from '../../parts/command-line.tsx';
import { Door } from '../sign-in/door.tsx';
import { takeLinkSecret } from './link-secret.ts';
import { WelcomeForm } from './welcome-form.tsx';

/** Opens a one-time link: whoever holds it chooses a name and a password. */
export function WelcomeScreen() {
  usePageHead('Welcome');
  const [secret] = useState(takeLinkSecret);
  const [refusal, setRefusal] = useState<ApiError>();
  const navigate = useNavigate();
  if (secret === undefined)
    return (
      <DeadLink
        title="This address opens nothing"
        why="The link was cut off: its secret stands after the # at its end."
      />
    );
  if (refusal !== undefined)
    return (
      <DeadLink
        title="This link opens nothing any more"
        why="It works once and for a short time. Nothing was changed."
      />
    );
  return (
    <Door title="Welcome">
      <p>This one-time link makes your account. Choose a name and a password; you are signed in at once.</p>
      <WelcomeForm
        secret={secret}
        onOpened={() => void navigate({ to: '/incidents', replace: true })}
        onDead={setRefusal}
      />
    </Door>
  );
}

function DeadLink({ title, why }: { readonly title: string; readonly why: string }) {
  return (
    <Door title={title}>
      <p>{why} On the server, this command prints a new one:</p>
      <CommandLine command="npm run -s bootmend -- user add" />
      <p>
        If you have chosen a password already, <Link to="/sign-in">sign in</Link>.
      </p>
    </Door>
  );
}
