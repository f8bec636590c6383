import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { ApiError } from '../api/call.ts';
import { useSession } from '../api/session.ts';
import styles from './page-problem.module.css';

/** A page that has one thing to say instead of its content: what is the case, what is lost, what to do. */
export function PageNote({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className={styles.note}>
      <h1>{title}</h1>
      {children}
    </section>
  );
}

interface PageProblemProps {
  readonly error: Error;
  /** What could not be shown, as it stands in a sentence: "the incidents". */
  readonly what: string;
  readonly onRetry: () => void;
}

/** Why a page could not be shown, and the way on. */
export function PageProblem({ error, what, onRetry }: PageProblemProps) {
  const session = useSession();
  const again = (
    <Button variant="default" onClick={onRetry}>
      Try again now
    </Button>
  );
  if (error instanceof ApiError && error.status === 403) {
    const holder = error.role === undefined ? 'Another role' : `The role ${error.role}`;
    return (
      <PageNote title={`You may not see ${what}`}>
        <p>
          {holder} has this permission; you are signed in as {session.data?.name ?? 'somebody'} with the role{' '}
          {session.data?.role ?? 'unknown'}. An admin can change that.
        </p>
        {again}
      </PageNote>
    );
  }
  if (error instanceof ApiError && error.kind === 'unreachable')
    return (
      <PageNote title="The server does not answer">
        <p>
          Nothing is lost: machines keep asking for help, and what the server acknowledged is on its disk.
          This page tries again by itself every few seconds. If it stays like this, look at the server:
        </p>
        <p>
          <code>npm start</code> starts it; its log says why it stopped.
        </p>
        {again}
      </PageNote>
    );
  return (
    <PageNote title={`The server could not read ${what}`}>
      <p>{error.message}</p>
      <p>
        Nothing is lost: this page only reads. It tries again by itself; the server&rsquo;s log has the reason
        {error instanceof ApiError && (
          <>
            {' '}
            under <code>{error.code}</code>
          </>
        )}
        .
      </p>
      {again}
    </PageNote>
  );
}
