import { useRouter, useSearch } from '@tanstack/react-router';
import { useEffect } from 'react';
import { here } from '../../api/place.ts';
import { useSession } from '../../api/session.ts';
import { usePageHead } from '../../frame/page-head.ts';
import { Door } from './door.tsx';
import { SignInForm } from './sign-in-form.tsx';

/** Signs somebody in and brings them to where they wanted to go. */
export function SignInScreen() {
  usePageHead('Sign in');
  const { to = '/incidents' } = useSearch({ from: '/sign-in' });
  const router = useRouter();
  const session = useSession();
  const isSignedIn = session.data !== undefined && session.error === null;
  useEffect(() => {
    if (isSignedIn) router.history.replace(here(to));
  }, [isSignedIn, router, to]);
  return (
    <Door title="Sign in">
      {to !== '/incidents' && <p>Then you go on to the page you opened.</p>}
      <SignInForm />
    </Door>
  );
}
