import type { IncidentState } from '../../../shared/api/incident.ts';
import { type Mark, marks, statesOf } from './states.ts';

export type Counts = Readonly<Partial<Record<IncidentState, number>>>;

/** Machines under one mark. */
export const countOf = (counts: Counts, mark: Mark): number =>
  statesOf(mark).reduce((sum, state) => sum + (counts[state] ?? 0), 0);

/** Machines of all states, also the final ones. */
export const countAll = (counts: Counts): number =>
  marks.reduce((sum, mark) => sum + countOf(counts, mark), 0);

const small = ['No', 'One', 'Two', 'Three', 'Four', 'Five', 'Six', 'Seven', 'Eight', 'Nine'];

/** A number as it opens a sentence: a word up to nine, grouped digits after. */
export const spoken = (count: number): string => small[count] ?? count.toLocaleString('en');

const machines = (count: number) => `${spoken(count)} ${count === 1 ? 'machine is' : 'machines are'}`;

/**
 * The first line of the list: how many have not come back, how many of them are being healed, and what needs a person.
 * "Down" is the mark of one state among these, so the line that counts them all has another word. `others` counts what
 * waits for a person and is no machine that is down.
 */
export function listVerdict(counts: Counts, others = 0): string {
  const person = countOf(counts, 'person');
  const healing = countOf(counts, 'healing') + countOf(counts, 'confirming');
  const away = countOf(counts, 'down') + person + healing;
  const needs = needsText(person, others);
  if (away === 0) return `No machine is waiting for help. ${needs}`;
  if (healing === 0) return `${machines(away)} not back yet. ${needs}`;
  if (healing === away)
    return `${machines(away)} not back yet and ${away === 1 ? 'is' : 'all are'} being healed now. ${needs}`;
  return `${machines(away)} not back yet. ${spoken(healing)} ${healing === 1 ? 'is' : 'are'} being healed now. ${needs}`;
}

function needsText(person: number, others: number): string {
  const things = others === 1 ? 'one thing' : `${spoken(others).toLowerCase()} things`;
  if (person > 0)
    return `${spoken(person)} ${person === 1 ? 'needs' : 'need'} you${others > 0 ? `, and ${things} more` : ''}.`;
  if (others === 0) return 'Nothing needs you.';
  return `${things.replace(/^./, first => first.toUpperCase())} ${others === 1 ? 'needs' : 'need'} you.`;
}

/** The mark of the whole fleet: the worst that somebody is waiting for. */
export function worstMark(counts: Counts): Mark | undefined {
  const order: Mark[] = ['person', 'down', 'healing', 'confirming'];
  return order.find(mark => countOf(counts, mark) > 0) ?? (countAll(counts) > 0 ? 'healed' : undefined);
}
