import type { SimulationView } from '../../../shared/api/remediation.ts';
import type { RemediationState } from '../../../shared/api/remediation-state.ts';
import type { Mark } from './states.ts';

interface RemediationWords {
  readonly mark: Mark;
  readonly word: string;
  readonly meaning: string;
}

/** How each state of a remediation is shown, in the colours and shapes that machines have. */
export const remediationWords: Readonly<Record<RemediationState, RemediationWords>> = {
  draft: { mark: 'closed', word: 'Draft', meaning: 'Nobody has signed it; no machine runs it.' },
  waiting: {
    mark: 'person',
    word: 'Waits for approval',
    meaning: 'Signed by some, not yet by enough approvers.',
  },
  'in-force': { mark: 'healed', word: 'In force', meaning: 'Machines that it fits run it.' },
  withdrawn: {
    mark: 'down',
    word: 'Withdrawn',
    meaning: 'Recalled, or its approval ended; no machine runs it.',
  },
};

export const riskWords = { low: 'low risk', medium: 'medium risk', high: 'high risk' } as const;

/** The mark of how a trial would end. */
export const markOfOutcome: Readonly<Record<SimulationView['outcome'], Mark>> = {
  'would-run': 'healed',
  'would-be-undone': 'down',
  'not-applicable': 'closed',
  'nothing-to-do': 'closed',
  refused: 'down',
  unknown: 'person',
};
