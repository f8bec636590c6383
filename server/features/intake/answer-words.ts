import type { Decision } from '../../../shared/wire/answer.ts';

const firstWaitSeconds = 60;
const longestWaitSeconds = 600;

/** What the person before the machine reads while it waits. */
const tells: Readonly<Record<string, string>> = {
  'device-pending': 'This computer waits to be accepted by your IT department. Nothing was changed.',
  unexplained: 'The cause is not known yet. Your IT department can see this computer. Nothing was changed.',
  'attempt-stuck': 'A repair could not be finished or undone. Please call your IT department.',
  'remedy-exhausted': 'The repair did not help. Your IT department has been told.',
  'no-way-back': 'The repair waits for your IT department: it cannot be taken back.',
  'program-not-allowed':
    'The repair runs a program that this computer does not allow. Please call your IT department.',
  'policy-never': 'This fault is not repaired automatically. Please call your IT department.',
};
const tellOfPerson = 'The cause is known. Your IT department decides about the repair. Nothing was changed.';

/** Tells a machine to ask again, later each time; or to hand over to the menu. */
export function waitDecision(
  kind: 'wait' | 'stop',
  reason: string,
  waits: number,
): Extract<Decision, { kind: 'wait' } | { kind: 'stop' }> {
  const tell = tells[reason] ?? tellOfPerson;
  if (kind === 'stop') return { kind, reason, tell };
  const seconds = Math.min(firstWaitSeconds * 2 ** Math.max(waits - 1, 0), longestWaitSeconds);
  return { kind, seconds, jitterSeconds: Math.ceil(seconds / 5), reason, tell };
}
