import { Button } from '@mantine/core';
import { useState } from 'react';
import type { DifferenceView, NewSimulation, SimulationView } from '../../../../shared/api/remediation.ts';
import { useLabMachines, useRecentIncidents, useSimulation } from '../../api/remediations.ts';
import { useSession } from '../../api/session.ts';
import { FindingMark } from '../../parts/finding-mark.tsx';
import { MarkShape } from '../../parts/state-mark.tsx';
import { sizeText } from '../../words/amounts.ts';
import { markOfOutcome } from '../../words/remediations.ts';
import { hasRightsOf } from '../../words/rights.ts';
import styles from './remediation.module.css';

const findings = { held: 'yes', failed: 'no', unknown: 'unknown' } as const;

/** Tries the script on a lab machine or on what a past incident recorded, and shows what would be different. */
export function TryPanel({ text, isSound }: { readonly text: string; readonly isSound: boolean }) {
  const isAuthor = hasRightsOf(useSession().data?.role, 'author');
  const labs = useLabMachines();
  const incidents = useRecentIncidents();
  const simulation = useSimulation();
  const [ground, setGround] = useState('');
  const machines = labs.data?.machines ?? [];
  const chosen = ground === '' ? `lab:${machines[0]?.id ?? ''}` : ground;
  const run = () => {
    const id = chosen.slice(chosen.indexOf(':') + 1);
    const on: NewSimulation['on'] = chosen.startsWith('lab:')
      ? { kind: 'lab', machineId: id }
      : { kind: 'incident', incidentId: id };
    simulation.mutate({ text, on });
  };
  return (
    <>
      <form
        className={styles.form}
        onSubmit={event => {
          event.preventDefault();
          run();
        }}
      >
        <label htmlFor="ground">Try it on</label>
        <select id="ground" value={chosen} onChange={event => setGround(event.currentTarget.value)}>
          <optgroup label="Lab machines">
            {machines.map(({ id, title }) => (
              <option key={id} value={`lab:${id}`}>
                {id}: {title}
              </option>
            ))}
          </optgroup>
          <optgroup label="Recorded incidents">
            {(incidents.data?.incidents ?? []).map(({ incidentId, deviceName, cause, code }) => (
              <option key={incidentId} value={`incident:${incidentId}`}>
                {deviceName} · {cause ?? code}
              </option>
            ))}
          </optgroup>
        </select>
        {isAuthor && (
          <Button type="submit" disabled={!isSound} loading={simulation.isPending}>
            Try it
          </Button>
        )}
      </form>
      {!isAuthor && <p className={styles.quiet}>The role author may try it.</p>}
      {!isSound && <p className={styles.quiet}>A script with mistakes cannot be tried.</p>}
      <div aria-live="polite">
        {simulation.error !== null && <p className={styles.problem}>{simulation.error.message}</p>}
        {simulation.data !== undefined && <Outcome simulation={simulation.data} />}
      </div>
    </>
  );
}

function Outcome({ simulation }: { readonly simulation: SimulationView }) {
  const { outcome, sentence, code, line, guards, differences, proofs, unknownPlaces } = simulation;
  return (
    <>
      <p className={styles.lead}>
        <MarkShape mark={markOfOutcome[outcome]} /> {sentence}{' '}
        {code !== undefined && (
          <code className={styles.quiet}>
            line {line}, {code}
          </code>
        )}
      </p>
      <p className={styles.quiet}>Nothing was changed.</p>
      <Findings title="Asks first" lines={guards} />
      {differences.length > 0 && (
        <>
          <h2 className={styles.heading}>Would be different</h2>
          <ul className={styles.differences}>
            {differences.map((difference, index) => (
              // oxlint-disable-next-line react/no-array-index-key -- the list of one answer never changes
              <li key={index}>
                <Difference difference={difference} />
              </li>
            ))}
          </ul>
        </>
      )}
      <Findings title="Checks afterwards" lines={proofs} />
      {unknownPlaces.length > 0 && (
        <>
          <h2 className={styles.heading}>The record does not tell all of</h2>
          <ul>
            {unknownPlaces.map(place => (
              <li key={place}>
                <code>{place}</code>
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}

function Findings({ title, lines }: { readonly title: string; readonly lines: SimulationView['guards'] }) {
  if (lines.length === 0) return null;
  return (
    <>
      <h2 className={styles.heading}>{title}</h2>
      <ul className={styles.findings}>
        {lines.map(({ line, verdict, reason }) => (
          <li key={line}>
            <span className={styles.number}>{line}</span>
            <FindingMark finding={findings[verdict]}>{reason}</FindingMark>
          </li>
        ))}
      </ul>
    </>
  );
}

function Difference({ difference }: { readonly difference: DifferenceView }) {
  switch (difference.kind) {
    case 'file':
      return (
        <>
          <code className={difference.toPath === undefined ? styles.removed : undefined}>
            {difference.path}
          </code>
          {difference.toPath !== undefined && <code className={styles.added}>{difference.toPath}</code>}
          <p className={styles.quiet}>
            {difference.toPath === undefined ? 'into quarantine' : 'gets this name'},{' '}
            {sizeText(difference.sizeBytes)}
          </p>
        </>
      );
    case 'registry-value':
      return (
        <>
          <code>
            {difference.hive}\{difference.key} {difference.name === '' ? '(default)' : difference.name}
          </code>
          <code className={styles.removed}>{difference.before ?? 'absent'}</code>
          <code className={styles.added}>{difference.after ?? 'absent'}</code>
        </>
      );
    case 'other':
      return <p>{difference.what}</p>;
    default:
      return difference satisfies never;
  }
}
