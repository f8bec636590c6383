import type { Decision } from '../../shared/wire/answer.ts';
import type { CheckIn, TurnReason } from '../../shared/wire/check-in.ts';
import type { StartReason } from '../host/host.ts';
import { carryOutOrder } from './carry-out-order.ts';
import { answerProbes } from './collect/answer-probes.ts';
import { isOfferedFirst } from './collect/collect-evidence.ts';
import { factsOfDriver } from './collect/drivers.ts';
import { type CheckedIn, Conversation } from './conversation.ts';
import type { DeviceMemory } from './device-memory.ts';
import { continueEpisode, findEarlierAttempt } from './finish-earlier-attempts.ts';
import type { FoundWindows } from './found-windows.ts';
import { helpOffline } from './offline-help.ts';
import { gatherKnowledge, type Knowledge } from './knowledge.ts';
import { leaveWithoutRestart, restart, startNetwork, tellAndLeave, tellJournal } from './leave.ts';
import { readWaits } from './read-waits.ts';
import { unreachableWords } from './screen-words.ts';
import { isKeyPressed } from './server-client.ts';
import { handedOver, type RecoveryEnd, type Session } from './session.ts';
import { runTestMode } from './test-mode.ts';
import { type OfferedPiece, uploadEvidence } from './upload-evidence.ts';
import { WaitingRoom } from './waiting-room.ts';

/** What a recovery run stands on once Windows was found and the device's memory could be read. */
export interface Run {
  readonly session: Session;
  readonly windows: FoundWindows;
  readonly memory: DeviceMemory;
  readonly conversation: Conversation;
  readonly waiting: WaitingRoom;
  readonly reason: StartReason;
  readonly turn: TurnReason;
}

/** A server that keeps asking for evidence gets this many rounds before the device pauses. */
const maxEvidenceRounds = 8;

/** From the attempt before this start to the end of the run. `stuck` names attempts that could not be taken back. */
export async function heal(
  base: Pick<Run, 'session' | 'windows' | 'memory' | 'reason' | 'turn'>,
  stuck: ReadonlyMap<string, string>,
): Promise<RecoveryEnd> {
  const { session, windows, memory, reason } = base;
  const { name: deviceName, helpDesk, settings } = memory.device;
  const waits = readWaits(session.host, windows.root, settings);
  session.identify({ deviceName, ...(helpDesk === undefined ? {} : { helpDesk }) });
  const conversation = new Conversation(session, memory, continueEpisode(session, memory));
  const run: Run = { ...base, conversation, waiting: new WaitingRoom(session, waits) };

  const earlier = findEarlierAttempt(session.host, windows, memory, reason, stuck);
  if (earlier.kind === 'restart-again') return restart(run);
  if (earlier.kind === 'tell-applied') return tellJournal(run, earlier.attempt);
  if (run.turn === 'test-mode' && earlier.kind === 'none') return runTestMode(run);
  return askForHelp(run, earlier.kind === 'ended' ? earlier.previous : undefined);
}

async function askForHelp(run: Run, previous: CheckIn['previousAttempt']): Promise<RecoveryEnd> {
  const { session, conversation, waiting } = run;
  const knowledge = gatherKnowledge(run);
  let untold = previous;
  let offered: readonly OfferedPiece[] = knowledge.pieces.filter(({ offer }) => isOfferedFirst(offer.kind));
  let isFirst = true;
  let askedBundle = false;
  let evidenceRounds = 0;
  for (;;) {
    const network = await startNetwork(run);
    if (network === 'key') return handedOver('key-pressed', 'A key was pressed.');
    if (network === 'none') {
      const end =
        (askedBundle ? undefined : await healOffline(run, knowledge)) ??
        (await waiting.retryLater('no-network', 'There is no network yet.'));
      askedBundle = true;
      if (end) return end;
      continue;
    }
    session.enter('check-in');
    const checkedIn = await conversation.checkIn(run.turn, knowledge.facts, offered, untold, isFirst);
    const { posted } = checkedIn;
    if (posted.kind === 'refused') return handedOver(posted.code, posted.message);
    if (isKeyPressed(posted)) return handedOver('key-pressed', 'A key was pressed.');
    if (posted.kind === 'answered') {
      waiting.reset();
      untold = undefined;
      if (previous?.state === 'stuck')
        return handedOver('earlier-attempt-stuck', 'An earlier repair is half undone.');
      const { decision } = posted.message;
      if (decision.kind === 'send-evidence' && ++evidenceRounds % maxEvidenceRounds === 0) {
        const end = await waiting.waitInterval('evidence-rounds', 'The recovery service is still looking.');
        if (end) return end;
      }
      const end = await obey(run, knowledge, checkedIn, decision);
      if (end) return end;
      Object.assign(knowledge.facts, { ...knowledge.collected.moreFacts, ...knowledge.facts });
      offered = knowledge.pieces;
      isFirst = false;
    } else {
      const offline = askedBundle || posted.kind === 'busy' ? undefined : await healOffline(run, knowledge);
      if (offline) return offline;
      askedBundle ||= posted.kind !== 'busy';
      if (posted.kind === 'unreachable' && posted.code === 'library-missing')
        return handedOver(posted.code, posted.message);
      const end = await (posted.kind === 'busy'
        ? waiting.waitSeconds(posted.retryAfterSeconds, 'server-busy', 'The recovery service is busy.')
        : waiting.retryLater(posted.code, unreachableWords(posted.code)));
      if (end) return end;
    }
  }
}

/** Lets the offline bundle decide; undefined when it has nothing for this machine. */
async function healOffline(run: Run, { collected, facts }: Knowledge): Promise<RecoveryEnd | undefined> {
  const { session, windows, memory, conversation, reason } = run;
  const readDriver = (driver: string) => factsOfDriver(session.host, windows, collected, driver);
  // No message has to carry them here.
  const everything = { ...collected.moreFacts, ...facts };
  const frame = { episode: conversation.episode, facts: everything, readDriver, reason };
  const carriedOut = await helpOffline(session, windows, memory, frame);
  if (!carriedOut) return undefined;
  const { end, code, message, reboot } = carriedOut;
  if (end?.state !== 'applied') return handedOver(code, message);
  return reboot ? restart(run) : leaveWithoutRestart(end);
}

/** Does what the server decided; undefined means: check in again. */
async function obey(
  run: Run,
  { collected, pieces, facts }: Knowledge,
  { nonce, sentAtMs }: CheckedIn,
  decision: Decision,
): Promise<RecoveryEnd | undefined> {
  const { session, windows, memory, conversation, waiting, reason } = run;
  switch (decision.kind) {
    case 'remediate': {
      const readDriver = (driver: string) => factsOfDriver(session.host, windows, collected, driver);
      const frame = { episode: conversation.episode, nonce, sentAtMs, facts, readDriver, reason };
      return tellAndLeave(run, await carryOutOrder(session, windows, memory, frame, decision), pieces);
    }
    case 'send-evidence': {
      session.enter('evidence');
      Object.assign(facts, answerProbes(session.host, windows, collected, decision.probes));
      const { settings, episode } = conversation;
      const sent = await uploadEvidence(session, settings, episode.episode, pieces, decision.evidence);
      return sent ? undefined : handedOver('key-pressed', 'A key was pressed.');
    }
    case 'wait': {
      const seconds = decision.seconds + session.randomBelow(decision.jitterSeconds + 1);
      const tell = decision.tell ?? 'The recovery service is looking for a repair.';
      return waiting.waitSeconds(seconds, decision.reason, tell);
    }
    case 'carry-on':
      return waiting.waitInterval('nothing-yet', 'There is no repair yet.');
    case 'stop':
      return handedOver(decision.reason, decision.tell ?? 'The recovery service asks a person to look.');
    default:
      return decision satisfies never;
  }
}
