import { utf8Of } from '../../shared/bytes/utf8.ts';
import { parseAnswer } from '../../shared/wire/answer.ts';
import type { Booted } from '../../shared/wire/booted.ts';
import type { Host } from '../host/host.ts';
import { agentBuild } from './agent-build.ts';
import { factsOfKernel } from './collect/drivers.ts';
import { DeviceMemory } from './device-memory.ts';
import { findWindows, type FoundWindows } from './found-windows.ts';
import { findJournal } from './journal.ts';
import type { EpisodeState } from './recovery-state.ts';
import { postMessage } from './server-client.ts';

/** What confirming came to. `not-told`: Windows runs, the server does not know yet; the next start tries again. */
export type ConfirmEnd =
  | { readonly kind: 'confirmed' | 'nothing-to-confirm' }
  | { readonly kind: 'not-told' | 'failed'; readonly code: string; readonly message: string };

/**
 * Runs at every start of a healthy Windows: Windows came up, and only that makes an attempt healed. That it came up is
 * durable before the server is told. It changes no file but the agent's own.
 */
export async function runConfirm(host: Host): Promise<ConfirmEnd> {
  if (host.machine.readEnvironment() !== 'windows')
    return {
      kind: 'failed',
      code: 'not-in-windows',
      message: 'Only a Windows that runs can confirm itself.',
    };
  const found = findWindows(host);
  if (!found.ok) return { kind: 'failed', ...found.problem };
  const loaded = DeviceMemory.load(host, found.windows.root);
  if (!loaded.ok) return { kind: 'failed', ...loaded.problem };
  const { memory } = loaded;
  const { episode } = memory.state;
  if (!episode) return { kind: 'nothing-to-confirm' };

  const sequence = episode.sequence + 1;
  memory.saveEpisode({ ...episode, booted: true, sequence });
  const message = messageOf(host, found.windows, episode, sequence);
  const body = utf8Of(JSON.stringify(message));
  const sent = { path: '/v1/booted', contentType: 'application/json', body };
  const posted = await postMessage(host, memory.server, sent, parseAnswer);
  if (posted.kind === 'busy')
    return {
      kind: 'not-told',
      code: 'server-busy',
      message: `Try again in ${posted.retryAfterSeconds} seconds.`,
    };
  if (posted.kind === 'unreachable') return { kind: 'not-told', code: posted.code, message: posted.message };
  if (posted.kind === 'answered') memory.takeNews(posted.message);
  memory.closeEpisode();
  // A machine that healed itself without a network never told this story, so the server cannot know it.
  const healedAlone = posted.kind === 'refused' && posted.code === 'unknown-episode' && episode.triedOffline;
  return posted.kind === 'refused' && !healedAlone
    ? { kind: 'failed', code: posted.code, message: posted.message }
    : { kind: 'confirmed' };
}

function messageOf(host: Host, windows: FoundWindows, episode: EpisodeState, sequence: number): Booted {
  const build = factsOfKernel(host, windows)['os.build'];
  const attemptId = appliedAttempt(host, windows, episode);
  return {
    version: 1,
    episode: episode.episode,
    sequence,
    ...(attemptId === undefined ? {} : { attemptId }),
    agentVersion: agentBuild.version,
    ...(typeof build === 'number' ? { osBuild: build } : {}),
  };
}

/** The attempt that Windows came up after; one that was taken back, or never finished, healed nothing. */
function appliedAttempt(host: Host, windows: FoundWindows, { attempt }: EpisodeState): string | undefined {
  if (!attempt) return undefined;
  const { attemptId, state } = attempt;
  if (state === 'undone' || state === 'stuck') return undefined;
  return findJournal(host, windows.root, attemptId)?.state === 'applied' ? attemptId : undefined;
}
