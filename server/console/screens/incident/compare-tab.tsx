import { Skeleton, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import type { IncidentDetail, IncidentRow } from '../../../../shared/api/incident.ts';
import { shownName, useDevice, useHealthyTwins } from '../../api/devices.ts';
import { useIncident, useIncidentsLike } from '../../api/incidents.ts';
import { FindingMark } from '../../parts/finding-mark.tsx';
import { PageProblem } from '../../parts/page-problem.tsx';
import { Moment } from '../../parts/moment.tsx';
import { StateMark } from '../../parts/state-mark.tsx';
import { counted } from '../../words/amounts.ts';
import { type ComparedText, type Comparison } from '../../words/compare-texts.ts';
import { type ComparedGroup, compareIncidents, compareWithHealthy } from './compare-incidents.ts';
import styles from './evidence.module.css';
import compare from './compare-tab.module.css';

/** This machine beside another: what is different first, for what is different may be the reason. */
export function CompareTab({ detail }: { readonly detail: IncidentDetail }) {
  const { with: otherId, healthy } = useSearch({ from: '/frame/incidents/$incidentId' });
  if (healthy !== undefined) return <BesideHealthy here={detail} deviceId={healthy} key={healthy} />;
  return otherId === undefined ? (
    <Choose detail={detail} />
  ) : (
    <SideBySide here={detail} otherId={otherId} key={otherId} />
  );
}

/** Which other incident: those with the same crash or cause are proposed. */
function Choose({ detail }: { readonly detail: IncidentDetail }) {
  const { incident } = detail;
  const [typed, setTyped] = useState('');
  const [text] = useDebouncedValue(typed.trim(), 150);
  const alike = incident.culprit ?? incident.bugcheck?.code ?? '';
  const found = useIncidentsLike(text === '' ? alike : text);
  const rows = (found.data?.incidents ?? []).filter(row => row.incidentId !== incident.incidentId);
  return (
    <section className={styles.section}>
      <h2>Compare with another machine</h2>
      <TextInput
        type="search"
        aria-label="Find another incident"
        placeholder="Device, code, cause, driver"
        className={compare.field}
        value={typed}
        onChange={event => setTyped(event.currentTarget.value)}
      />
      <p className={styles.quiet}>
        {text !== '' || alike === ''
          ? 'Newest change first.'
          : `Machines with ${alike}, the newest change first.`}
      </p>
      {found.isPending ? (
        <Skeleton height={160} mt={12} />
      ) : rows.length === 0 ? (
        <p className={styles.quiet}>No other incident fits. Type a part of a name, or a driver.</p>
      ) : (
        <ul className={compare.choices}>
          {rows.slice(0, 8).map(row => (
            <Other key={row.incidentId} row={row} here={incident.incidentId} />
          ))}
        </ul>
      )}
      <Twins detail={detail} />
    </section>
  );
}

/** Healthy machines of the same model: what they have in common with this one did not stop it. */
function Twins({ detail: { incident } }: { readonly detail: IncidentDetail }) {
  const twins = useHealthyTwins(incident.incidentId).data?.devices ?? [];
  if (twins.length === 0) return null;
  return (
    <>
      <p className={styles.quiet}>Healthy machines of the same model, those that told last first.</p>
      <ul className={compare.choices}>
        {twins.map(({ deviceId, name, receivedAt }) => (
          <li key={deviceId}>
            <FindingMark finding="yes">healthy</FindingMark>
            <Link
              to="/incidents/$incidentId"
              params={{ incidentId: incident.incidentId }}
              search={{ tab: 'compare', healthy: deviceId }}
              resetScroll={false}
            >
              {shownName(name, deviceId)}
            </Link>
            <span className={styles.quiet}>
              <Moment at={receivedAt} as="ago" />
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}

function BesideHealthy({ here, deviceId }: { readonly here: IncidentDetail; readonly deviceId: string }) {
  const { data: there, error, refetch } = useDevice(deviceId);
  if (there === undefined) {
    if (error !== null)
      return <PageProblem error={error} what="the healthy machine" onRetry={() => void refetch()} />;
    return <Skeleton height={320} aria-busy="true" />;
  }
  const name = shownName(there.device.name, deviceId);
  if (there.startedWith === undefined)
    return (
      <section className={styles.section}>
        <h2>{name} tells nothing to compare with any more.</h2>
        <p className={styles.quiet}>
          Its last start followed a crash. <AnotherOne />
        </p>
      </section>
    );
  const groups = compareWithHealthy(here, there.startedWith.facts);
  return (
    <>
      <section className={styles.section}>
        <h2>{differenceWords(groups, here.device.name, name)}</h2>
        <p className={styles.quiet}>
          <Link to="/devices/$deviceId" params={{ deviceId }}>
            {name}
          </Link>
          : healthy; it told this <Moment at={there.startedWith.receivedAt} as="ago" />. What only one of them
          tells was not asked of the other. <AnotherOne />
        </p>
      </section>
      {groups.map(({ name: group, comparison }) => (
        <Group key={group} name={group} comparison={comparison} names={[here.device.name, name]} />
      ))}
    </>
  );
}

function AnotherOne() {
  const navigate = useNavigate({ from: '/incidents/$incidentId' });
  return (
    <button
      type="button"
      className={compare.another}
      onClick={() => void navigate({ search: { tab: 'compare' }, resetScroll: false })}
    >
      Another one
    </button>
  );
}

function differenceWords(groups: readonly ComparedGroup[], here: string, there: string): string {
  const count = (of: (comparison: Comparison) => number) =>
    groups.reduce((sum, { comparison }) => sum + of(comparison), 0);
  const differing = count(one => one.differing.length);
  const all = count(one => one.differing.length + one.same.length);
  return differing === 0
    ? `${here} and ${there} tell the same.`
    : `${counted(differing, 'difference')} to ${there}, of ${counted(all, 'thing')} told.`;
}

function Other({ row, here }: { readonly row: IncidentRow; readonly here: string }) {
  return (
    <li>
      <StateMark state={row.state} />
      <Link
        to="/incidents/$incidentId"
        params={{ incidentId: here }}
        search={{ tab: 'compare', with: row.incidentId }}
        resetScroll={false}
      >
        {row.deviceName}
      </Link>
      <span className={styles.quiet}>{row.cause ?? row.culprit ?? row.bugcheck?.name ?? row.code}</span>
      <span className={styles.quiet}>
        <Moment at={row.changedAt} as="ago" />
      </span>
    </li>
  );
}

function SideBySide({ here, otherId }: { readonly here: IncidentDetail; readonly otherId: string }) {
  const { data: there, error, refetch } = useIncident(otherId);
  if (there === undefined) {
    if (error !== null)
      return <PageProblem error={error} what="the other incident" onRetry={() => void refetch()} />;
    return <Skeleton height={320} aria-busy="true" />;
  }
  const groups = compareIncidents(here, there);
  return (
    <>
      <section className={styles.section}>
        <h2>{differenceWords(groups, here.device.name, there.device.name)}</h2>
        <p className={styles.quiet}>
          <Link to="/incidents/$incidentId" params={{ incidentId: otherId }}>
            {there.device.name}
          </Link>
          : {there.verdict} <AnotherOne />
        </p>
      </section>
      {groups.map(({ name, comparison }) => (
        <Group key={name} name={name} comparison={comparison} names={[here.device.name, there.device.name]} />
      ))}
    </>
  );
}

interface GroupProps {
  readonly name: string;
  readonly comparison: Comparison;
  readonly names: readonly [string, string];
}

function Group({ name, comparison: { differing, same }, names }: GroupProps) {
  if (differing.length + same.length === 0) return null;
  return (
    <section className={styles.section}>
      <h2>{name}</h2>
      {differing.length === 0 ? (
        <p className={styles.quiet}>No difference.</p>
      ) : (
        <Table rows={differing} names={names} />
      )}
      {same.length > 0 && (
        <details>
          <summary>{counted(same.length, 'more is', 'more are')} the same</summary>
          <Table rows={same} names={names} />
        </details>
      )}
    </section>
  );
}

function Table({
  rows,
  names,
}: {
  readonly rows: readonly ComparedText[];
  readonly names: readonly [string, string];
}) {
  return (
    <div className={styles.scroll}>
      <table className={`${styles.table} ${styles.stacks} ${compare.sides}`}>
        <thead>
          <tr>
            <th>
              <span className="sr-only">Name</span>
            </th>
            {names.map((name, index) => (
              // oxlint-disable-next-line react/no-array-index-key -- two sides, which may have one name
              <th key={index}>{name}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, here, there }) => (
            <tr key={name}>
              <td>
                <code>{name}</code>
              </td>
              <Side text={here} of={names[0]} />
              <Side text={there} of={names[1]} />
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Side({ text, of }: { readonly text: string | undefined; readonly of: string }) {
  return (
    <td data-side={of}>
      {text === undefined ? <span className={styles.quiet}>not told</span> : <code>{text}</code>}
    </td>
  );
}
