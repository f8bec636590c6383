import { Button, NativeSelect, Skeleton } from '@mantine/core';
import { useState } from 'react';
import type { Person } from '../../../../shared/api/person.ts';
import { type Role, roles } from '../../../../shared/api/session.ts';
import { here } from '../../api/place.ts';
import { useSession } from '../../api/session.ts';
import { usePeople, usePersonChange, usePersonLink } from '../../api/system.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { Moment } from '../../parts/moment.tsx';
import { PageProblem } from '../../parts/page-problem.tsx';
import { Verdict } from '../../parts/verdict.tsx';
import { roleWords } from '../../words/rights.ts';
import { spoken } from '../../words/verdict.ts';
import { OnceShown } from './once-shown.tsx';
import styles from './system.module.css';

const isRole = (text: string): Role => roles.find(one => one === text) ?? 'viewer';
const addressOf = (secret: string) => `${location.origin}${here('/welcome')}#${secret}`;

/** Who may use the console, and what each may do. */
export function PeoplePart() {
  const people = usePeople();
  if (people.data === undefined) {
    if (people.error !== null)
      return <PageProblem error={people.error} what="the people" onRetry={() => void people.refetch()} />;
    return <Skeleton height={240} aria-busy="true" />;
  }
  const active = people.data.filter(one => one.disabledAt === undefined);
  const admins = active.filter(one => one.role === 'admin').length;
  return (
    <>
      <Verdict>
        {active.length === 1
          ? 'One person may use the console, an admin.'
          : `${spoken(active.length)} people may use the console, ${spoken(admins).toLowerCase()} of them ${admins === 1 ? 'an admin' : 'admins'}.`}
      </Verdict>
      {admins === 1 && (
        <p className={styles.quiet}>
          With one admin alone, nobody can let people in again when that password is lost, but at the command
          line of the server.
        </p>
      )}
      <Invite />
      <section className={styles.section}>
        <h2>Accounts</h2>
        <ul className={`${styles.rows} ${styles.people}`} aria-label="Accounts">
          {people.data.map(person => (
            <Account key={person.accountId} person={person} />
          ))}
        </ul>
      </section>
    </>
  );
}

function Invite() {
  const link = usePersonLink();
  const [role, setRole] = useState<Role>('viewer');
  return (
    <section className={styles.section}>
      <h2>Let somebody in</h2>
      <form
        className={styles.form}
        onSubmit={event => {
          event.preventDefault();
          link.mutate({ role });
        }}
      >
        <NativeSelect
          label="Role"
          data={[...roles]}
          value={role}
          onChange={event => setRole(isRole(event.currentTarget.value))}
        />
        <Button type="submit" loading={link.isPending}>
          Make a link
        </Button>
      </form>
      <p className={styles.quiet}>A person with this role {roleWords[role]}.</p>
      {link.error !== null && <p role="alert">{link.error.message}</p>}
      {link.data !== undefined && (
        <OnceShown
          key={link.data.secret}
          title="One-time link"
          secret={addressOf(link.data.secret)}
          what="the link"
        >
          Give it to the person over a way you trust. It makes one account and is good until{' '}
          <Moment at={link.data.expiresAt} as="clock" />.
        </OnceShown>
      )}
    </section>
  );
}

type Asked = 'disable' | 'reset' | { readonly role: Role };

function Account({ person }: { readonly person: Person }) {
  const { accountId, name, role, lastSignedInAt, disabledAt } = person;
  const change = usePersonChange();
  const link = usePersonLink();
  const [asked, setAsked] = useState<Asked>();
  const isMe = useSession().data?.name === name;
  const close = () => setAsked(undefined);
  const error = change.error ?? link.error;
  const confirm = () => {
    if (asked === 'disable') change.mutate({ kind: 'disable', accountId }, { onSuccess: close });
    else if (asked === 'reset') link.mutate({ accountId }, { onSuccess: close });
    else if (asked !== undefined)
      change.mutate({ kind: 'role', accountId, role: asked.role }, { onSuccess: close });
  };
  return (
    <li>
      <span>
        <b>{name}</b> {isMe && <span className={styles.quiet}>you</span>}
      </span>
      <NativeSelect
        size="xs"
        aria-label={`Role of ${name}`}
        data={[...roles]}
        value={role}
        disabled={disabledAt !== undefined}
        onChange={event => setAsked({ role: isRole(event.currentTarget.value) })}
      />
      <span className={styles.quiet}>
        {disabledAt !== undefined ? (
          <>
            disabled <Moment at={disabledAt} as="ago" />
          </>
        ) : lastSignedInAt === undefined ? (
          'has not signed in again yet'
        ) : (
          <>
            signed in <Moment at={lastSignedInAt} as="ago" />
          </>
        )}
      </span>
      <span className={styles.acts}>
        <Button variant="default" size="compact-sm" onClick={() => setAsked('reset')}>
          Reset password
        </Button>
        {disabledAt === undefined ? (
          <Button variant="default" size="compact-sm" onClick={() => setAsked('disable')}>
            Disable
          </Button>
        ) : (
          <Button
            variant="default"
            size="compact-sm"
            loading={change.isPending}
            onClick={() => change.mutate({ kind: 'enable', accountId })}
          >
            Enable
          </Button>
        )}
      </span>
      {link.data !== undefined && (
        <div className={styles.whole}>
          <OnceShown title={`New password of ${name}`} secret={addressOf(link.data.secret)} what="the link">
            {name} opens it, types the name {name} and a new password. Good until{' '}
            <Moment at={link.data.expiresAt} as="clock" />.
          </OnceShown>
        </div>
      )}
      <Dialog title={titleOf(asked, name)} opened={asked !== undefined} onClose={close}>
        <p>{consequenceOf(asked, name)}</p>
        {error !== null && <p role="alert">{error.message}</p>}
        <Button mt={16} data-autofocus loading={change.isPending || link.isPending} onClick={confirm}>
          {asked === 'disable' ? 'Disable' : asked === 'reset' ? 'Reset the password' : 'Change the role'}
        </Button>
      </Dialog>
    </li>
  );
}

const titleOf = (asked: Asked | undefined, name: string): string =>
  asked === 'disable'
    ? `Disable ${name}?`
    : asked === 'reset'
      ? `Reset the password of ${name}?`
      : `Give ${name} another role?`;

function consequenceOf(asked: Asked | undefined, name: string): string {
  if (asked === 'disable')
    return `${name} is signed out everywhere at once and refused from now on. What ${name} did stays. Enabling takes this back. Tokens of programs are not touched.`;
  if (asked === 'reset')
    return `The password of now is refused at once, ${name} is signed out everywhere, and you get a one-time link by which ${name} chooses another.`;
  if (asked === undefined) return '';
  return `${name} is signed out everywhere at once. As ${asked.role}, ${name} ${roleWords[asked.role]}.`;
}
