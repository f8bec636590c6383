import type { IncidentState } from '../../../shared/api/incident.ts';

/** The six things a machine can be for the person who looks: one colour, one shape and one word each. */
export const marks = ['down', 'person', 'healing', 'confirming', 'healed', 'closed'] as const;
export type Mark = (typeof marks)[number];

/** The word of each mark, as chips and the page's icon say it. */
export const markWords: Readonly<Record<Mark, string>> = {
  down: 'Down',
  person: 'Needs a person',
  healing: 'Healing',
  confirming: 'Confirming',
  healed: 'Healed',
  closed: 'Given up',
};

interface StateWords {
  readonly mark: Mark;
  readonly word: string;
  /** What the state means for the machine, in one sentence. */
  readonly meaning: string;
}

/** How each state of an incident is shown. An unexplained one needs a person: nothing heals it by itself. */
export const stateWords: Readonly<Record<IncidentState, StateWords>> = {
  open: { mark: 'down', word: 'Down', meaning: 'The machine called for help; its evidence is being read.' },
  unexplained: { mark: 'person', word: 'Unexplained', meaning: 'No known issue fits. Somebody must look.' },
  matched: { mark: 'healing', word: 'Matched', meaning: 'A known issue fits; its remediation comes next.' },
  'awaiting-person': {
    mark: 'person',
    word: 'Needs a person',
    meaning: 'A remediation is ready and waits for an approver.',
  },
  treating: { mark: 'healing', word: 'Healing', meaning: 'The machine is carrying out its remediation.' },
  confirming: {
    mark: 'confirming',
    word: 'Confirming',
    meaning: 'The remediation ran; Windows has not reported in yet.',
  },
  healed: { mark: 'healed', word: 'Healed', meaning: 'Windows started again.' },
  'healed-by-hand': { mark: 'healed', word: 'Healed by hand', meaning: 'Somebody brought Windows back.' },
  'given-up': {
    mark: 'closed',
    word: 'Given up',
    meaning: 'The machine went to its recovery menu; nothing more comes by itself.',
  },
};

/** The states that one mark stands for, in the order machines go through them. */
export function statesOf(mark: Mark): IncidentState[] {
  const states = Object.keys(stateWords) as IncidentState[];
  return states.filter(state => stateWords[state].mark === mark);
}
