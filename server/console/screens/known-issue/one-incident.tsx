import { TextInput } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { TriedIssue } from '../../../../shared/api/known-issue.ts';
import { Explained } from './explained.tsx';
import styles from './known-issue.module.css';

interface OneIncidentProps {
  readonly on: string;
  readonly explanation: TriedIssue['explanation'];
  readonly isMissing: boolean;
  readonly onChange: (on: string) => void;
}

const verdicts = {
  matched: 'It fits this incident.',
  failed: 'It does not fit this incident.',
  unknown: 'Whether it fits cannot be told: something that it asks for was not reported.',
} as const;

/** The rule as it stands, explained on any incident. */
export function OneIncident({ on, explanation, isMissing, onChange }: OneIncidentProps) {
  return (
    <div className={styles.trial}>
      <TextInput
        className={styles.short}
        label="Incident"
        description="The code that the machine shows, as K7Q2-9MPD."
        value={on}
        onChange={event => onChange(event.currentTarget.value.replaceAll(/[^A-Za-z0-9-]/g, '').slice(0, 64))}
      />
      <output>
        {on === ''
          ? ''
          : isMissing
            ? 'There is no incident with this code.'
            : explanation && verdicts[explanation.verdict]}
      </output>
      {explanation && (
        <>
          <Explained conditions={explanation.conditions} />
          <p>
            <Link to="/incidents/$incidentId" params={{ incidentId: explanation.incidentId }}>
              Open incident {explanation.code}
            </Link>
          </p>
        </>
      )}
    </div>
  );
}
