import { Button, Skeleton } from '@mantine/core';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import type { DeviceDetail } from '../../../../shared/api/device.ts';
import { shownName, useDevice, useDeviceDecision } from '../../api/devices.ts';
import { ApiError } from '../../api/call.ts';
import { useSession } from '../../api/session.ts';
import { usePageHead } from '../../frame/page-head.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { Exact } from '../../parts/exact.tsx';
import { type Finding, FindingMark } from '../../parts/finding-mark.tsx';
import { Moment } from '../../parts/moment.tsx';
import { PageNote, PageProblem } from '../../parts/page-problem.tsx';
import { StateMark } from '../../parts/state-mark.tsx';
import { Verdict } from '../../parts/verdict.tsx';
import { counted } from '../../words/amounts.ts';
import { deviceWords } from '../../words/devices.ts';
import { factText } from '../../words/fact-text.ts';
import { DeviceKeys } from './device-keys.tsx';
import { DeviceTests } from './device-tests.tsx';
import { DeviceUndos } from './device-undos.tsx';
import styles from './device.module.css';

/** One machine: whether it could be healed, what to mend on it, and what happened to it before. */
export function DeviceScreen() {
  const { deviceId } = useParams({ from: '/frame/devices/$deviceId' });
  const query = useDevice(deviceId);
  const detail = query.data;
  const name = detail === undefined ? 'Device' : shownName(detail.device.name, deviceId);
  usePageHead(name);
  if (detail === undefined) {
    if (query.error instanceof ApiError && query.error.status === 404)
      return (
        <PageNote title="There is no such machine">
          <p>The link may be cut off at its end.</p>
          <Link to="/devices">All devices</Link>
        </PageNote>
      );
    if (query.error !== null)
      return <PageProblem error={query.error} what="this machine" onRetry={() => void query.refetch()} />;
    return <Skeleton height={240} aria-busy="true" />;
  }
  return (
    <>
      <p className={`${styles.quiet} ${styles.where}`}>
        <Link to="/devices">Devices</Link> · {detail.device.model ?? 'model not told'} ·{' '}
        {deviceWords[detail.device.state]}
      </p>
      <Verdict>{verdictOf(detail, name)}</Verdict>
      <Copy detail={detail} />
      <Decision detail={detail} name={name} />
      <Readiness detail={detail} />
      <DeviceTests detail={detail} />
      <StartedWith detail={detail} />
      <History detail={detail} />
      <DeviceUndos deviceId={deviceId} />
      <DeviceKeys deviceId={deviceId} />
      <Identity detail={detail} />
    </>
  );
}

function verdictOf({ device, readiness, copy }: DeviceDetail, name: string): string {
  if (device.state === 'retired') return `${name} is retired: it is refused from now on.`;
  if (device.state === 'pending' && copy !== undefined)
    return `Another machine speaks as ${name}; until a person decides, it gets no repair.`;
  if (device.isDown) return `${name} called for help and is not back yet.`;
  if (device.state === 'pending')
    return `${name} waits until a person accepts it; until then it gets no repair.`;
  if (readiness === undefined) return `${name} is enrolled, and has not told how ready it is.`;
  const bad = readiness.findings.filter(one => one.state !== 'good').length;
  if (bad === 0) return `${name} is ready to be healed.`;
  return `${name} is ready to ${device.score ?? 0} of 100; ${bad} ${bad === 1 ? 'thing stands' : 'things stand'} in the way.`;
}

/** Two machines with one identity: which it is, only a person can tell. */
function Copy({ detail: { copy, device, serial, smbiosId } }: { readonly detail: DeviceDetail }) {
  if (copy === undefined || device.state === 'retired') return null;
  const { seenAt, by, name, ...told } = copy;
  const number = (label: string, before: string | undefined, now: string | undefined) =>
    now === undefined || now === before
      ? null
      : `${label} ${now} and not ${before ?? 'none'}, as it enrolled`;
  const differences = [
    number('serial number', serial, told.serial),
    number('SMBIOS id', smbiosId, told.smbiosId),
  ].filter(one => one !== null);
  return (
    <section className={styles.section}>
      <h2>A machine with another identity</h2>
      <p>
        {name ?? 'A machine in its recovery environment'} told {differences.join(', and ')}, with the key of
        this one, {by === 'check-in' ? 'when it asked for help' : 'from a healthy Windows'},{' '}
        <Moment at={seenAt} as="instant" focusable />.
      </p>
      <p className={styles.quiet}>
        If its board was changed, accept it, and the new numbers are its own. If its disk was copied to a
        second machine, retire it and enrol both again, each with a key of its own.
      </p>
    </section>
  );
}

/** Accept and retire, each with what it means before it happens. */
function Decision({ detail, name }: { readonly detail: DeviceDetail; readonly name: string }) {
  const { deviceId, state } = detail.device;
  const decide = useDeviceDecision(deviceId);
  const [isAsked, setAsked] = useState(false);
  const role = useSession().data?.role;
  if (state === 'retired') return null;
  if (role !== 'operator' && role !== 'admin')
    return <p className={styles.quiet}>Accepting and retiring machines needs the role operator.</p>;
  return (
    <div className={styles.decision}>
      {state === 'pending' && (
        <Button loading={decide.isPending} onClick={() => decide.mutate('accept')}>
          Accept this machine
        </Button>
      )}
      <Button variant="default" onClick={() => setAsked(true)}>
        Retire
      </Button>
      {decide.error !== null && <p role="alert">{decide.error.message}</p>}
      <Dialog title={`Retire ${name}?`} opened={isAsked} onClose={() => setAsked(false)}>
        <p>
          The server refuses this machine from now on, and it will not be healed. Its history stays. To take
          it back, enrol it again with a new token.
        </p>
        <Button
          color="red"
          mt={16}
          data-autofocus
          loading={decide.isPending}
          onClick={() => decide.mutate('retire', { onSuccess: () => setAsked(false) })}
        >
          Retire it
        </Button>
      </Dialog>
    </div>
  );
}

const findingOf: Readonly<Record<'good' | 'bad' | 'unknown', { finding: Finding; word: string }>> = {
  good: { finding: 'yes', word: 'good' },
  bad: { finding: 'no', word: 'to mend' },
  unknown: { finding: 'unknown', word: 'unknown' },
};

function Readiness({ detail: { readiness, device } }: { readonly detail: DeviceDetail }) {
  if (readiness === undefined) return null;
  return (
    <section className={styles.section}>
      <h2>Readiness: {device.score ?? 0} of 100</h2>
      <p className={styles.quiet}>
        Told <Moment at={readiness.receivedAt} as="instant" focusable /> by agent {readiness.agentVersion}
      </p>
      <ul className={styles.findings}>
        {readiness.findings.map(({ code, state, found, advice, command }) => (
          <li key={code}>
            <FindingMark finding={findingOf[state].finding}>{findingOf[state].word}</FindingMark>
            <div>
              <p>{found}</p>
              {advice !== undefined && <p className={styles.quiet}>{advice}</p>}
              {command !== undefined && <Exact value={command} what="the command" />}
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The facts of its last start in order, which rules are tried on. */
function StartedWith({ detail: { startedWith } }: { readonly detail: DeviceDetail }) {
  if (startedWith === undefined) return null;
  const facts = Object.entries(startedWith.facts).sort(([a], [b]) => a.localeCompare(b));
  return (
    <section className={styles.section}>
      <h2>What it came up with</h2>
      <p className={styles.quiet}>
        Told <Moment at={startedWith.receivedAt} as="instant" focusable />, of a start after a stop in order.
        Rules are tried on it, and machines that fail are compared with it.
      </p>
      <details>
        <summary>{counted(facts.length, 'fact')}</summary>
        <dl className={styles.facts}>
          {facts.map(([name, value]) => (
            <div key={name}>
              <dt>
                <code>{name}</code>
              </dt>
              <dd>
                <code>{factText(value)}</code>
              </dd>
            </div>
          ))}
        </dl>
      </details>
    </section>
  );
}

function History({ detail: { incidents } }: { readonly detail: DeviceDetail }) {
  return (
    <section className={styles.section}>
      <h2>History</h2>
      {incidents.length === 0 ? (
        <p className={styles.quiet}>It never called for help.</p>
      ) : (
        <ul className={styles.history}>
          {incidents.map(incident => (
            <li key={incident.incidentId}>
              <StateMark state={incident.state} />
              <Link to="/incidents/$incidentId" params={{ incidentId: incident.incidentId }}>
                {incident.cause ?? incident.culprit ?? incident.bugcheck?.name ?? 'No cause known'}
              </Link>
              <Moment at={incident.openedAt} as="ago" />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Identity({ detail }: { readonly detail: DeviceDetail }) {
  const { device, serial, smbiosId, replacesDeviceId, keys } = detail;
  return (
    <section className={styles.section}>
      <h2>Identity</h2>
      <dl className={styles.identity}>
        <dt>Device id</dt>
        <dd>
          <Exact value={device.deviceId} what="the device id" />
        </dd>
        {serial !== undefined && (
          <>
            <dt>Serial number</dt>
            <dd>
              <Exact value={serial} what="the serial number" />
            </dd>
          </>
        )}
        {smbiosId !== undefined && (
          <>
            <dt>SMBIOS id</dt>
            <dd>
              <Exact value={smbiosId} what="the SMBIOS id" />
            </dd>
          </>
        )}
        {replacesDeviceId !== undefined && (
          <>
            <dt>Enrolled before as</dt>
            <dd>
              <Link to="/devices/$deviceId" params={{ deviceId: replacesDeviceId }}>
                {replacesDeviceId}
              </Link>
            </dd>
          </>
        )}
        <dt>Enrolled</dt>
        <dd>
          <Moment at={device.enrolledAt} as="instant" focusable />
        </dd>
        <dt>Keys</dt>
        <dd>
          {keys.length === 0 && 'none'}
          {keys.map(({ number, revokedAt }) => (
            <span key={number}>
              key {number} {revokedAt === undefined ? 'in use' : 'revoked'}{' '}
            </span>
          ))}
        </dd>
      </dl>
    </section>
  );
}
