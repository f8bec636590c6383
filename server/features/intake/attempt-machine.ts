/** States of an attempt: one execution of one order on one device. */
export const attemptStates = [
  'issued', 'applied', 'healed', 'returned', 'silent', 'not-applicable', 'nothing-to-do', 'refused', 'undone', 'stuck',
  'recalled',
] as const; // prettier-ignore
export type AttemptState = (typeof attemptStates)[number];

/**
 * What can happen to an attempt. `returned`: the machine is back in WinRE. `booted-without`: Windows came up and the
 * order had not been carried out. `deadline`: neither an outcome nor a booted Windows in time.
 */
export const attemptEvents = [
  'applied', 'nothing-to-do', 'not-applicable', 'refused', 'undone', 'stuck', 'returned', 'booted', 'booted-without',
  'deadline', 'recalled',
] as const; // prettier-ignore
export type AttemptEvent = (typeof attemptEvents)[number];

type Row = Partial<Record<AttemptEvent, AttemptState>>;

/** How the device itself said the attempt ended before anything was left changed. */
const outcomes: Row = {
  applied: 'applied',
  'nothing-to-do': 'nothing-to-do',
  'not-applicable': 'not-applicable',
  refused: 'refused',
  undone: 'undone',
  stuck: 'stuck',
  recalled: 'recalled',
};

/** The only way an attempt changes its state. Telling the same end twice is harmless. */
export const attemptTable: Readonly<Record<AttemptState, Row>> = {
  issued: {
    ...outcomes,
    returned: 'returned',
    booted: 'healed',
    'booted-without': 'not-applicable',
    deadline: 'silent',
  },
  applied: {
    applied: 'applied',
    undone: 'undone',
    stuck: 'stuck',
    returned: 'returned',
    booted: 'healed',
    deadline: 'silent',
  },
  // A machine that was only slow: what it says late is the truth.
  silent: { ...outcomes, returned: 'returned', booted: 'healed' },
  returned: { returned: 'returned', undone: 'undone', stuck: 'stuck' },
  undone: { undone: 'undone', returned: 'undone' },
  stuck: { stuck: 'stuck', undone: 'undone', returned: 'stuck' },
  // A person may have it taken back later, in the Windows that came up.
  healed: { booted: 'healed', undone: 'undone' },
  'not-applicable': { 'not-applicable': 'not-applicable', returned: 'not-applicable' },
  'nothing-to-do': { 'nothing-to-do': 'nothing-to-do', returned: 'nothing-to-do' },
  refused: { refused: 'refused', returned: 'refused' },
  recalled: { recalled: 'recalled', refused: 'recalled', returned: 'recalled' },
};

/** The state after an event, or undefined when the event is illegal in this state. */
export const nextAttemptState = (state: AttemptState, event: AttemptEvent): AttemptState | undefined =>
  attemptTable[state][event];

/** Whether the device may still be carrying the order out, or Windows may still come up from it. */
export const isLive = (state: AttemptState): boolean => state === 'issued' || state === 'applied';

/** The states in which an event is legal, for statements that change many attempts at once. */
export const attemptStatesBefore = (event: AttemptEvent): AttemptState[] =>
  attemptStates.filter(state => attemptTable[state][event] !== undefined);
