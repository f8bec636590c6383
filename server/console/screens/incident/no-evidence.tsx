import type { ReactNode } from 'react';
import type { EvidenceView } from '../../../../shared/api/incident.ts';
import { findReadingProblem } from '../../api/readings.ts';
import { evidenceStateSentence } from '../../words/evidence.ts';
import styles from './evidence.module.css';

interface NoEvidenceProps {
  readonly title: string;
  /** The piece that would have been read here, when the machine offered one. */
  readonly evidence: EvidenceView | undefined;
  readonly children: ReactNode;
}

/** A tab that has nothing to read: why, and what can be said without it. */
export function NoEvidence({ title, evidence, children }: NoEvidenceProps) {
  const problem = evidence && findReadingProblem(evidence);
  return (
    <div className={styles.none}>
      <h2>{title}</h2>
      {evidence !== undefined && (
        <p>
          <code>{evidence.name}</code>: {evidenceStateSentence(evidence.state)}
        </p>
      )}
      {problem !== undefined && (
        <p>
          {problem.message} <code className={styles.quiet}>{problem.code}</code>
        </p>
      )}
      <p className={styles.quiet}>{children}</p>
    </div>
  );
}
