import { definitionOfAction } from '../../shared/remediation/action-table.ts';
import { checkScript } from '../../shared/remediation/check-script.ts';
import { actionsOf, type Script } from '../../shared/remediation/syntax-tree.ts';
import { verifyPlan } from '../../shared/remediation/verify-plan.ts';
import type { CheckIn } from '../../shared/wire/check-in.ts';
import type { Host, StartReason } from '../host/host.ts';
import type { DeviceMemory } from './device-memory.ts';
import type { FoundWindows } from './found-windows.ts';
import { appendRecord, findJournal, type Journal, listJournals, readJournaledScript } from './journal.ts';
import type { AttemptState, EpisodeState } from './recovery-state.ts';
import type { Session } from './session.ts';
import { undoAndClose } from './undo-attempt.ts';

/** What a start finds of the attempt before it. */
export type EarlierAttempt =
  | { readonly kind: 'none' }
  /** Applied, the outcome was never told: tell it, then go on to the restart. */
  | { readonly kind: 'tell-applied'; readonly attempt: AttemptState }
  /** Applied, but Windows was not tried since: restart again. */
  | { readonly kind: 'restart-again'; readonly attempt: AttemptState }
  | { readonly kind: 'ended'; readonly previous: NonNullable<CheckIn['previousAttempt']> };

/** A restart that the firmware never counted is asked for at most this often. */
const maxReboots = 2;

/**
 * Behind the point of no return nothing is taken back and no tool is run again: an order would have to say so anew. What
 * the volume shows decides whether the script kept its promises, by its own text, which the journal names by its hash.
 * Gives the code when it did not, or when that cannot be told.
 */
function settleOneWay(session: Session, windows: FoundWindows, journal: Journal): string | undefined {
  const details = { attemptId: journal.attemptId };
  const text = readJournaledScript(session.host, windows.root, journal);
  const { script } = text === undefined ? {} : checkScript(text);
  const interrupted = journal.tools.at(-1)?.ended === undefined;
  const proof =
    script && !isByWordAlone(script, interrupted) ? verifyPlan(script, windows, {}, []) : undefined;
  if (proof?.verdict === 'held') {
    appendRecord(session.host, journal, { kind: 'applied' });
    session.log('warn', 'one-way-step-proven', 'An interrupted repair turns out to be done.', details);
    return undefined;
  }
  const code = interrupted ? 'one-way-interrupted' : 'one-way-unproven';
  session.log(
    'error',
    code,
    'A step without a way back was begun and is not proven. A person must look.',
    details,
  );
  return code;
}

/** Whether a script proves itself by the word of a tool, which a tool that was cut off never gave. */
const isByWordAlone = (script: Script, interrupted: boolean): boolean =>
  interrupted && actionsOf(script).some(action => definitionOfAction(action).isProvenByTool === true);

/** Takes back every attempt that was interrupted before its point of no return. Gives the code when one could not be taken back whole. */
export function undoInterruptedAttempts(
  session: Session,
  windows: FoundWindows,
): { readonly stuck: ReadonlyMap<string, string>; readonly damaged: readonly string[] } {
  const { journals, damaged } = listJournals(session.host, windows.root);
  const stuck = new Map<string, string>();
  for (const journal of journals) {
    if (journal.state !== 'open') continue;
    // Without a tool on record none was started, and everything before it can be taken back.
    if (journal.hasNoReturn && journal.tools.some(one => one.class === 'one-way')) {
      const problem = settleOneWay(session, windows, journal);
      if (problem !== undefined) stuck.set(journal.attemptId, problem);
      continue;
    }
    const undone = undoAndClose(session.host, windows, journal);
    const details = { attemptId: journal.attemptId };
    if (undone.ok) {
      session.log('warn', 'interrupted-attempt-undone', 'An interrupted repair was taken back.', details);
    } else {
      stuck.set(journal.attemptId, undone.code);
      session.log('error', 'interrupted-attempt-stuck', undone.message, details);
    }
  }
  return { stuck, damaged };
}

/** Reads from state and journal how the attempt before this start ended. Interrupted ones were taken back already. */
export function findEarlierAttempt(
  host: Host,
  windows: FoundWindows,
  memory: DeviceMemory,
  reason: StartReason,
  stuck: ReadonlyMap<string, string>,
): EarlierAttempt {
  const attempt = memory.state.episode?.attempt;
  if (!attempt) return { kind: 'none' };
  const { attemptId } = attempt;
  const stuckCode = stuck.get(attemptId);
  if (stuckCode !== undefined)
    return { kind: 'ended', previous: { attemptId, state: 'stuck', code: stuckCode } };
  switch (attempt.state) {
    case 'applying':
      if (findJournal(host, windows.root, attemptId)?.state !== 'applied')
        return { kind: 'ended', previous: { attemptId, state: 'undone', code: 'interrupted' } };
      return wasTriedSince(attempt, reason) === 'yes'
        ? returned(attemptId)
        : { kind: 'tell-applied', attempt };
    case 'applied':
      return wasTriedSince(attempt, reason) === 'yes'
        ? returned(attemptId)
        : { kind: 'tell-applied', attempt };
    case 'starting':
      return wasTriedSince(attempt, reason) !== 'no' || attempt.rebootsAsked >= maxReboots
        ? returned(attemptId)
        : { kind: 'restart-again', attempt };
    case 'undone': {
      const { state, code } = attempt;
      return { kind: 'ended', previous: { attemptId, state, ...(code === undefined ? {} : { code }) } };
    }
    case 'stuck':
      if (findJournal(host, windows.root, attemptId)?.state === 'applied')
        return wasTriedSince(attempt, reason) === 'yes'
          ? returned(attemptId)
          : { kind: 'tell-applied', attempt };
      // It is not among those that are stuck now, so this start could take it back.
      return { kind: 'ended', previous: { attemptId, state: 'undone', code: 'undone-later' } };
    default:
      return attempt.state satisfies never;
  }
}

const returned = (attemptId: string): EarlierAttempt => ({
  kind: 'ended',
  previous: { attemptId, state: 'returned' },
});

/** Whether Windows failed again since the attempt was made, by what the firmware counts. */
function wasTriedSince(attempt: AttemptState, reason: StartReason): 'yes' | 'no' | 'unknown' {
  if (attempt.failedStarts === undefined && attempt.lastFailedAtMs === undefined) return 'unknown';
  const same =
    attempt.failedStarts === reason.failedStarts && attempt.lastFailedAtMs === reason.lastFailedAtMs;
  return same ? 'no' : 'yes';
}

/** The running episode, or a new one when there is none or Windows came up since. */
export function continueEpisode(session: Session, memory: DeviceMemory): EpisodeState {
  const { episode, lastEpisode } = memory.state;
  if (episode && !episode.booted) return episode;
  const previousEpisode = episode?.episode ?? lastEpisode;
  return {
    episode: session.random128(),
    ...(previousEpisode === undefined ? {} : { previousEpisode }),
    sequence: 0,
    attemptsMade: 0,
    booted: false,
  };
}
