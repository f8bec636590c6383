import { Button, Skeleton } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { KeyRequestRow, RecoveryKeyRow } from '../../../../shared/api/recovery-key.ts';
import { shownName } from '../../api/devices.ts';
import { useKeyRequests, useRecoveryKeys } from '../../api/recovery-keys.ts';
import { CommandLine } from '../../parts/command-line.tsx';
import { FindingMark } from '../../parts/finding-mark.tsx';
import { Moment } from '../../parts/moment.tsx';
import { PageProblem } from '../../parts/page-problem.tsx';
import { Verdict } from '../../parts/verdict.tsx';
import { personOf } from '../../words/people.ts';
import { keysVerdict, requestWords, sameMachineWords } from '../../words/recovery-keys.ts';
import { type KeyAct, KeyDialog } from './key-dialog.tsx';
import styles from './system.module.css';

/** Locked machines that ask for their recovery key, and every key that left: to whom, by whom, and why. */
export function KeysPart() {
  const requests = useKeyRequests();
  const keys = useRecoveryKeys();
  const [asked, setAsked] = useState<KeyAct>();
  if (requests.data === undefined || keys.data === undefined) {
    const error = requests.error ?? keys.error;
    const again = () => void Promise.all([requests.refetch(), keys.refetch()]);
    if (error !== null) return <PageProblem error={error} what="the recovery keys" onRetry={again} />;
    return <Skeleton height={240} aria-busy="true" />;
  }
  const waiting = requests.data.filter(one => one.state === 'waiting');
  const over = requests.data.filter(one => one.state !== 'waiting');
  const toRenew = keys.data.filter(one => one.state === 'rotate-it');
  return (
    <>
      <Verdict>{keysVerdict(waiting.length, toRenew.length, keys.data.length)}</Verdict>
      <p className={styles.lead}>
        A key is released to one machine at a time, by a person who compares the code on its screen. Nobody
        reads a recovery password here.
      </p>
      {keys.data.length === 0 && <NoKeys />}
      {waiting.length > 0 && (
        <section className={styles.section}>
          <h2>Asking now</h2>
          <ul className={`${styles.rows} ${styles.asking}`} aria-label="Machines that ask">
            {waiting.map(request => (
              <Waiting key={request.requestId} request={request} onAsk={setAsked} />
            ))}
          </ul>
        </section>
      )}
      {toRenew.length > 0 && <ToRenew keys={toRenew} />}
      {over.length > 0 && (
        <section className={styles.section}>
          <h2>What was decided</h2>
          <ul className={`${styles.rows} ${styles.decided}`} aria-label="Earlier requests">
            {over.map(request => (
              <Over key={request.requestId} request={request} />
            ))}
          </ul>
        </section>
      )}
      {asked !== undefined && <KeyDialog act={asked} onClose={() => setAsked(undefined)} />}
    </>
  );
}

function NoKeys() {
  return (
    <section className={styles.section}>
      <h2>Keep some</h2>
      <p className={styles.lead}>
        Export them from Active Directory or Entra ID into a table of key-id, recovery-password, device and
        volume. On the server:
      </p>
      <CommandLine command="npm run -s bootmend -- recovery-key import keys.csv" />
      <p className={styles.lead}>
        They lie sealed in the database. Whoever releases one needs an authenticator first:
      </p>
      <CommandLine command="npm run -s bootmend -- user second-factor NAME" />
    </section>
  );
}

const Machine = ({ deviceId, deviceName }: { readonly deviceId: string; readonly deviceName: string }) => (
  <Link to="/devices/$deviceId" params={{ deviceId }}>
    <b>{shownName(deviceName, deviceId)}</b>
  </Link>
);

function Waiting({
  request,
  onAsk,
}: {
  readonly request: KeyRequestRow;
  readonly onAsk: (act: KeyAct) => void;
}) {
  const { deviceId, told, volume, sameMachine, askedAt, deviceState } = request;
  const { finding, word } = sameMachineWords[sameMachine];
  const mayRelease = sameMachine !== 'no' && deviceState === 'active';
  return (
    <li>
      <div>
        <Machine {...request} />
        <p className={styles.quiet}>
          calls itself {shownName(told.name, deviceId)}
          {told.model !== undefined && `, ${told.model}`}
          {told.serial !== undefined && `, serial number ${told.serial}`}
        </p>
      </div>
      <span>
        <FindingMark finding={finding}>{word}</FindingMark>
      </span>
      <span className={styles.quiet}>
        {volume} locked, asked <Moment at={askedAt} as="ago" />
      </span>
      <span className={styles.acts}>
        {mayRelease && (
          <Button size="compact-sm" onClick={() => onAsk({ kind: 'release', request })}>
            Release its key
          </Button>
        )}
        <Button variant="default" size="compact-sm" onClick={() => onAsk({ kind: 'refuse', request })}>
          Refuse
        </Button>
      </span>
    </li>
  );
}

function ToRenew({ keys }: { readonly keys: readonly RecoveryKeyRow[] }) {
  return (
    <section className={styles.section}>
      <h2>To be made anew</h2>
      <p className={styles.lead}>
        A key that was released is known outside of this server. On the machine, delete its protector and add
        another, or let your management tool do it; then import the new one here.
      </p>
      <ul className={`${styles.rows} ${styles.renew}`} aria-label="Keys to be made anew">
        {keys.map(key => (
          <li key={key.keyId}>
            <Machine {...key} />
            <span>{key.volume}</span>
            <code className={styles.quiet}>{key.keyId}</code>
            <span className={styles.quiet}>
              {key.releasedAt !== undefined && (
                <>
                  released <Moment at={key.releasedAt} as="ago" />
                </>
              )}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Over({ request }: { readonly request: KeyRequestRow }) {
  const { state, volume, decidedBy, decidedAt, askedAt, reason } = request;
  const { finding, word } = requestWords[state];
  return (
    <li>
      <span>
        <Machine {...request} /> <span className={styles.quiet}>{volume}</span>
      </span>
      <span>
        <FindingMark finding={finding}>{word}</FindingMark>
      </span>
      <span>
        {decidedBy === undefined ? (
          <span className={styles.quiet}>nobody decided</span>
        ) : (
          <>
            {personOf(decidedBy)}
            {reason !== undefined && <span className={styles.quiet}>: “{reason}”</span>}
          </>
        )}
      </span>
      <span className={styles.quiet}>
        <Moment at={decidedAt ?? askedAt} as="instant" />
      </span>
    </li>
  );
}
