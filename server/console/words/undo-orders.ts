import type { UndoOrderRow } from '../../../shared/api/undo-order.ts';
import type { Mark } from './states.ts';

interface UndoWords {
  readonly mark: Mark;
  readonly word: string;
  readonly meaning: string;
}

/** How each undo of a repair stands, in the colours and shapes that machines have. */
export const undoWords: Readonly<Record<UndoOrderRow['state'], UndoWords>> = {
  asked: {
    mark: 'confirming',
    word: 'Asked for',
    meaning: 'The machine hears it within a day, or at its next start.',
  },
  undone: { mark: 'healed', word: 'Taken back', meaning: 'It was taken back.' },
  refused: { mark: 'closed', word: 'Refused', meaning: 'The machine refused it.' },
  stuck: {
    mark: 'person',
    word: 'Stuck',
    meaning: 'It could not be taken back whole: somebody must look at this machine.',
  },
  withdrawn: {
    mark: 'closed',
    word: 'Withdrawn',
    meaning: 'It was withdrawn before the machine told anything.',
  },
};
