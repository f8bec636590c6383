import type { Mark } from './states.ts';

interface AttemptWords {
  readonly mark: Mark;
  readonly sentence: string;
}

const attemptWords: Readonly<Record<string, AttemptWords>> = {
  issued: { mark: 'healing', sentence: 'Ordered; the machine has not answered yet.' },
  applied: { mark: 'confirming', sentence: 'Carried out; Windows has not reported in yet.' },
  healed: { mark: 'healed', sentence: 'Carried out, and Windows started.' },
  returned: { mark: 'down', sentence: 'Carried out, but the machine came back to recovery.' },
  silent: { mark: 'down', sentence: 'The machine fell silent after the order; that counts as a failure.' },
  'not-applicable': { mark: 'closed', sentence: 'A guard was false or unknown, so nothing was done.' },
  'nothing-to-do': { mark: 'closed', sentence: 'No line found anything to change.' },
  refused: { mark: 'closed', sentence: 'The machine refused the order; nothing was done.' },
  undone: { mark: 'closed', sentence: 'A line failed, and everything was put back.' },
  stuck: { mark: 'down', sentence: 'Neither finished nor undone: somebody must look at this machine.' },
  recalled: { mark: 'closed', sentence: 'Recalled before it ran.' },
};

/** How the state of one attempt is shown; a state this console does not know is shown as it is. */
export const describeAttempt = (state: string): AttemptWords =>
  attemptWords[state] ?? { mark: 'closed', sentence: `State ${state}.` };

const stepWords: Readonly<Record<string, string>> = {
  done: 'Done',
  undone: 'Put back',
  failed: 'Failed',
  skipped: 'Skipped',
};

/** The result of one line of a script in a word or two. */
export const describeStep = (state: string): string => stepWords[state] ?? state;
