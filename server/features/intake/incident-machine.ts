import type { IncidentState } from '../../../shared/api/incident.ts';

/** What can happen to an incident. */
export const incidentEvents = [
  'explained', 'unexplained', 'person-needed', 'order-issued', 'attempt-applied', 'attempt-ended', 'booted-healed',
  'booted-by-hand', 'marked-healed', 'superseded', 'retired', 'forgotten',
] as const; // prettier-ignore
export type IncidentEvent = (typeof incidentEvents)[number];

type Row = Partial<Record<IncidentEvent, IncidentState>>;

/** Every machine that is down may start again, be replaced by a new story, or be given up. */
const ends: Row = {
  'booted-healed': 'healed',
  'booted-by-hand': 'healed-by-hand',
  superseded: 'given-up',
  retired: 'given-up',
  forgotten: 'given-up',
};

/** What happens while no attempt runs: a report is judged, or a person says that the machine is well. */
const judged: Row = {
  explained: 'matched',
  unexplained: 'unexplained',
  'person-needed': 'awaiting-person',
  'marked-healed': 'healed-by-hand',
};

/** The only way an incident changes its state. An event that is not listed in a state is illegal there. */
export const incidentTable: Readonly<Record<IncidentState, Row>> = {
  open: { ...judged, ...ends },
  unexplained: { ...judged, ...ends },
  matched: { ...judged, 'order-issued': 'treating', ...ends },
  // An outcome may still arrive after its attempt was counted as silent.
  'awaiting-person': {
    ...judged,
    'attempt-applied': 'confirming',
    'attempt-ended': 'awaiting-person',
    ...ends,
  },
  treating: {
    'order-issued': 'treating',
    'attempt-applied': 'confirming',
    'attempt-ended': 'matched',
    'person-needed': 'awaiting-person',
    ...ends,
  },
  confirming: {
    'attempt-applied': 'confirming',
    'attempt-ended': 'matched',
    'person-needed': 'awaiting-person',
    ...ends,
  },
  healed: {},
  'healed-by-hand': {},
  'given-up': {},
};

/** The state after an event, or undefined when the event is illegal in this state. */
export const nextIncidentState = (state: IncidentState, event: IncidentEvent): IncidentState | undefined =>
  incidentTable[state][event];

/** Whether nothing can happen to the incident any more. */
export const isFinal = (state: IncidentState): boolean => Object.keys(incidentTable[state]).length === 0;

/** The states in which an event is legal, for statements that change many incidents at once. */
export const incidentStatesBefore = (event: IncidentEvent): IncidentState[] =>
  (Object.keys(incidentTable) as IncidentState[]).filter(state => incidentTable[state][event] !== undefined);
