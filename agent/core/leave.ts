import { checkScript } from '../../shared/remediation/check-script.ts';
import { evidenceAskedFor } from '../../shared/remediation/notices.ts';
import type { CarriedOut } from './carry-out-order.ts';
import type { Run } from './heal.ts';
import { findJournal, readJournaledScript } from './journal.ts';
import { gatherKnowledge } from './knowledge.ts';
import { changesSomething, endOfJournal, type OrderEnd } from './order-end.ts';
import type { AttemptState } from './recovery-state.ts';
import { bringUpNetwork, type NetworkEnd } from './network/bring-up-network.ts';
import { handedOver, type RecoveryEnd } from './session.ts';
import { type OfferedPiece, uploadEvidence } from './upload-evidence.ts';

export async function startNetwork({ session, windows, waiting }: Run): Promise<NetworkEnd> {
  session.enter('network');
  return bringUpNetwork(session, windows, waiting.untilMs);
}

/**
 * Tells how an order ended, sends what is asked for then, and leaves: a restart when something was applied, the menu
 * otherwise, or another check-in (undefined) when the server wants the machine to wait.
 */
export async function tellAndLeave(
  run: Run,
  { end, code, message, reboot }: CarriedOut,
  offered: readonly OfferedPiece[],
): Promise<RecoveryEnd | undefined> {
  if (!end) return handedOver(code, message);
  const { session, conversation, waiting } = run;
  session.enter('report');
  const answer = await conversation.tellOutcome(end, offered);
  if (answer === 'key') return handedOver('key-pressed', 'A key was pressed.');
  if (answer !== 'not-told') {
    forgetTold(run, end);
    if (answer.kind === 'send-evidence' && answer.evidence.length > 0) {
      session.enter('evidence');
      const { settings, episode } = conversation;
      const sent = await uploadEvidence(session, settings, episode.episode, offered, answer.evidence);
      if (!sent) return handedOver('key-pressed', 'A key was pressed.');
    }
    if (answer.kind === 'stop') return handedOver(answer.reason, answer.tell ?? message);
    if (answer.kind === 'wait' && end.state !== 'applied')
      return waiting.waitSeconds(answer.seconds, answer.reason, answer.tell ?? 'Waiting for another repair.');
  }
  if (end.state !== 'applied') return handedOver(code, message);
  return reboot ? restart(run) : leaveWithoutRestart(end);
}

/** The end of a script that does not restart: repaired, or only looked at. */
export const leaveWithoutRestart = ({ steps }: OrderEnd): RecoveryEnd =>
  changesSomething(steps)
    ? handedOver('applied-without-restart', 'The repair is done. Start Windows when ready.')
    : handedOver(
        'collected-without-restart',
        'Evidence was collected, and nothing on this machine was changed.',
      );

/** Tells the outcome of an attempt that was applied before a power cut, from its journal, and restarts. */
export async function tellJournal(run: Run, { attemptId, reboot }: AttemptState): Promise<RecoveryEnd> {
  const { session, windows } = run;
  const journal = findJournal(session.host, windows.root, attemptId);
  const text = journal && readJournaledScript(session.host, windows.root, journal);
  const wanted = evidenceAskedFor(text === undefined ? undefined : checkScript(text).script);
  const end = endOfJournal(windows, attemptId, journal ?? { intents: [], tools: [] }, wanted);
  // What was held in memory is gone: the machine still holds what it was made from.
  const pieces = wanted.length > 0 ? gatherKnowledge(run).pieces : [];
  const network = await startNetwork(run);
  if (network === 'key') return handedOver('key-pressed', 'A key was pressed.');
  const carriedOut = { end, code: 'applied', message: 'The repair was done before.', reboot };
  const left = network === 'up' ? await tellAndLeave(run, carriedOut, pieces) : undefined;
  return left ?? restart(run);
}

/** Asks Windows to start, remembered first, so that a restart that never was is not taken for a failed repair. */
export function restart({ conversation, memory }: Run): RecoveryEnd {
  const { attempt, ...episode } = conversation.episode;
  if (attempt) {
    const starting = { ...attempt, state: 'starting' as const, rebootsAsked: attempt.rebootsAsked + 1 };
    memory.saveEpisode({ ...episode, attempt: starting });
  }
  return { kind: 'reboot' };
}

/** An attempt that ended without a change needs no more telling; an applied one now waits for Windows. */
function forgetTold({ conversation, memory }: Run, { state }: OrderEnd): void {
  const { attempt, ...episode } = conversation.episode;
  if (!attempt) return;
  if (state === 'applied') memory.saveEpisode({ ...episode, attempt: { ...attempt, state: 'starting' } });
  else if (state === 'undone') memory.saveEpisode(episode);
}
