import { UnstyledButton } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { IncidentDetail } from '../../../../shared/api/incident.ts';
import { CopyButton } from '../../parts/copy-button.tsx';
import { StateMark } from '../../parts/state-mark.tsx';
import { stateWords } from '../../words/states.ts';
import { readerPlace } from '../incidents/reader-place.ts';
import { missingCause, missingProof, missingRemedy } from './head-words.ts';
import { type IncidentTab, incidentTabs } from './incident-search.ts';
import styles from './incident.module.css';

interface IncidentHeadProps {
  readonly detail: IncidentDetail;
  readonly onOpenTab: (tab: IncidentTab) => void;
}

/** The answer before the evidence: verdict and state, then cause, remedy and proof, each with the way to its evidence. */
export function IncidentHead({ detail, onOpenTab }: IncidentHeadProps) {
  const { incident, device, verdict, explanation, remedy, proof } = detail;
  const { state, cause } = incident;
  const causeTab = explanation === undefined || incident.knownIssueId !== undefined ? 'why' : 'crash';
  return (
    <header>
      <p className={styles.name}>
        <Link to="/incidents" search={{ ...readerPlace(), selected: incident.incidentId }}>
          Incidents
        </Link>
        <span aria-hidden="true">/</span>
        <b>{device.name}</b>
        <span className={styles.code}>
          <code>{incident.code}</code>
          <CopyButton value={incident.code} what="the incident code" />
        </span>
        {device.model !== undefined && <span className={styles.model}>{device.model}</span>}
      </p>
      <div className={styles.verdict} data-mark={stateWords[state].mark}>
        <h1>{verdict}</h1>
        <p title={stateWords[state].meaning} aria-live="polite">
          <StateMark state={state} strong />
        </p>
      </div>
      <dl className={styles.answers}>
        <Answer name="Cause" missing={missingCause(state)} tab={causeTab} onOpenTab={onOpenTab}>
          {explanation ?? cause}
        </Answer>
        <Answer name="Remedy" missing={missingRemedy(state)} tab="script" onOpenTab={onOpenTab}>
          {remedy}
        </Answer>
        <Answer name="Proof" missing={missingProof(state)} tab="facts" onOpenTab={onOpenTab}>
          {proof}
        </Answer>
      </dl>
    </header>
  );
}

interface AnswerProps {
  readonly name: string;
  /** What is said while there is nothing to say yet. */
  readonly missing: string;
  readonly tab: IncidentTab;
  readonly onOpenTab: (tab: IncidentTab) => void;
  readonly children: ReactNode;
}

function Answer({ name, missing, tab, onOpenTab, children }: AnswerProps) {
  const isKnown = children !== undefined;
  return (
    <div data-known={isKnown || undefined}>
      <dt>{name}</dt>
      <dd>
        {isKnown ? children : missing}{' '}
        {isKnown && name !== 'Proof' && (
          <UnstyledButton className={styles.more} onClick={() => onOpenTab(tab)}>
            {incidentTabs[tab]}
          </UnstyledButton>
        )}
      </dd>
    </div>
  );
}
