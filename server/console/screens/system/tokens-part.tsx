import { Button, NativeSelect, Skeleton, TextInput } from '@mantine/core';
import { useState } from 'react';
import { type ApiToken, newApiToken } from '../../../../shared/api/api-token.ts';
import { roles } from '../../../../shared/api/session.ts';
import { useApiTokens, useMakeApiToken, useRevokeApiToken } from '../../api/api-tokens.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { Moment } from '../../parts/moment.tsx';
import { PageProblem } from '../../parts/page-problem.tsx';
import { useNow } from '../../parts/use-now.ts';
import { Verdict } from '../../parts/verdict.tsx';
import { personOf } from '../../words/people.ts';
import { roleWords } from '../../words/rights.ts';
import { spoken } from '../../words/verdict.ts';
import { OnceShown } from './once-shown.tsx';
import styles from './system.module.css';

const isGood = (token: ApiToken, nowMs: number) =>
  token.revokedAt === undefined && Date.parse(token.expiresAt) > nowMs;

/** Programs that may do what people do here: who let them in, until when, and whether they come. */
export function TokensPart() {
  const tokens = useApiTokens();
  const nowMs = useNow();
  if (tokens.data === undefined) {
    if (tokens.error !== null)
      return <PageProblem error={tokens.error} what="the tokens" onRetry={() => void tokens.refetch()} />;
    return <Skeleton height={240} aria-busy="true" />;
  }
  const good = tokens.data.filter(token => isGood(token, nowMs));
  const ended = tokens.data.filter(token => !isGood(token, nowMs));
  return (
    <>
      <Verdict>
        {good.length === 0
          ? 'No program may use the API.'
          : `${spoken(good.length)} ${good.length === 1 ? 'program may' : 'programs may'} use the API.`}
      </Verdict>
      <NewToken />
      {good.length > 0 && <TokenList name="In use" tokens={good} />}
      {ended.length > 0 && <TokenList name="Ended" tokens={ended} />}
    </>
  );
}

function NewToken() {
  const make = useMakeApiToken();
  const [name, setName] = useState('');
  const [role, setRole] = useState<(typeof roles)[number]>('viewer');
  const [days, setDays] = useState('90');
  const asked = newApiToken.safeParse({ name, role, days: Number(days) });
  return (
    <section className={styles.section}>
      <h2>New token</h2>
      <form
        className={styles.form}
        onSubmit={event => {
          event.preventDefault();
          if (asked.success) make.mutate(asked.data, { onSuccess: () => setName('') });
        }}
      >
        <TextInput
          label="What it is for"
          placeholder="nightly report"
          value={name}
          onChange={event => setName(event.currentTarget.value)}
        />
        <NativeSelect
          label="Role"
          data={[...roles]}
          value={role}
          onChange={event => setRole(roles.find(one => one === event.currentTarget.value) ?? 'viewer')}
        />
        <TextInput
          label="Days, at most 366"
          inputMode="numeric"
          value={days}
          onChange={event => setDays(event.currentTarget.value)}
        />
        <Button type="submit" disabled={!asked.success} loading={make.isPending}>
          Make it
        </Button>
      </form>
      <p className={styles.quiet}>
        It {roleWords[role]}. Everything it does stands in the audit log under its name.
      </p>
      {make.error !== null && <p role="alert">{make.error.message}</p>}
      {make.data !== undefined && (
        <OnceShown
          key={make.data.token.tokenId}
          title={`The secret of “${make.data.token.name}”`}
          secret={make.data.secret}
          what="the secret"
        >
          Send it as <code>Authorization: Bearer …</code>. It is shown only now; the server keeps its hash
          alone.
        </OnceShown>
      )}
    </section>
  );
}

function TokenList({ name, tokens }: { readonly name: string; readonly tokens: readonly ApiToken[] }) {
  const revoke = useRevokeApiToken();
  const [asked, setAsked] = useState<ApiToken>();
  const nowMs = useNow();
  return (
    <section className={styles.section}>
      <h2>{name}</h2>
      <ul className={styles.rows} aria-label={`Tokens, ${name}`}>
        {tokens.map(token => (
          <li key={token.tokenId}>
            <b>{token.name}</b>
            <span>{token.role}</span>
            <span className={styles.quiet}>
              by {personOf(token.createdBy)},{' '}
              {token.lastUsedAt === undefined ? (
                'never used'
              ) : (
                <>
                  used <Moment at={token.lastUsedAt} as="ago" />
                </>
              )}
            </span>
            <span className={styles.quiet}>
              {token.revokedAt === undefined ? (
                <>
                  {isGood(token, nowMs) ? 'until' : 'ended'} <Moment at={token.expiresAt} as="instant" />
                </>
              ) : (
                <>
                  revoked <Moment at={token.revokedAt} as="ago" />
                </>
              )}
            </span>
            {isGood(token, nowMs) && (
              <Button variant="default" size="compact-sm" onClick={() => setAsked(token)}>
                Revoke
              </Button>
            )}
          </li>
        ))}
      </ul>
      <Dialog
        title={`Revoke “${asked?.name ?? ''}”?`}
        opened={asked !== undefined}
        onClose={() => setAsked(undefined)}
      >
        <p>
          The program that has it is refused from now on. This cannot be taken back; a new token lets the
          program in again.
        </p>
        {revoke.error !== null && <p role="alert">{revoke.error.message}</p>}
        <Button
          color="red"
          mt={16}
          data-autofocus
          loading={revoke.isPending}
          onClick={() => asked && revoke.mutate(asked.tokenId, { onSuccess: () => setAsked(undefined) })}
        >
          Revoke it
        </Button>
      </Dialog>
    </section>
  );
}
