import { Skeleton, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import type { IncidentDetail, IncidentRow } from '../../../../shared/api/incident.ts';
import { useIncident, useIncidentsLike } from '../../api/incidents.ts';
import { PageProblem } from '../../parts/page-problem.tsx';
import { Moment } from '../../parts/moment.tsx';
import { StateMark } from '../../parts/state-mark.tsx';
import { counted } from '../../words/amounts.ts';
import { type ComparedText, type Comparison } from '../../words/compare-texts.ts';
import { compareIncidents } from './compare-incidents.ts';
import styles from './evidence.module.css';
import compare from './compare-tab.module.css';

/** This machine beside another: what is different first, for what is different may be the reason. */
export function CompareTab({ detail }: { readonly detail: IncidentDetail }) {
  const { with: otherId } = useSearch({ from: '/frame/incidents/$incidentId' });
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
    </section>
  );
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
  const navigate = useNavigate({ from: '/incidents/$incidentId' });
  if (there === undefined) {
    if (error !== null)
      return <PageProblem error={error} what="the other incident" onRetry={() => void refetch()} />;
    return <Skeleton height={320} aria-busy="true" />;
  }
  const groups = compareIncidents(here, there);
  const differing = groups.reduce((sum, { comparison }) => sum + comparison.differing.length, 0);
  const all = groups.reduce(
    (sum, { comparison }) => sum + comparison.differing.length + comparison.same.length,
    0,
  );
  return (
    <>
      <section className={styles.section}>
        <h2>
          {differing === 0
            ? `${here.device.name} and ${there.device.name} tell the same.`
            : `${counted(differing, 'difference')} to ${there.device.name}, of ${counted(all, 'thing')} told.`}
        </h2>
        <p className={styles.quiet}>
          <Link to="/incidents/$incidentId" params={{ incidentId: otherId }}>
            {there.device.name}
          </Link>
          : {there.verdict}{' '}
          <button
            type="button"
            className={compare.another}
            onClick={() => void navigate({ search: { tab: 'compare' }, resetScroll: false })}
          >
            Another one
          </button>
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
