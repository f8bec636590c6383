import { utf8Of } from '../../shared/bytes/utf8.ts';
import type { Facts } from '../../shared/facts/facts.ts';
import { fitFacts, jsonBytesOf } from '../../shared/facts/fit-facts.ts';
import { type Answer, type Decision, parseAnswer } from '../../shared/wire/answer.ts';
import type { CheckIn, TurnReason } from '../../shared/wire/check-in.ts';
import type { Outcome } from '../../shared/wire/outcome.ts';
import { agentBuild } from './agent-build.ts';
import type { DeviceMemory } from './device-memory.ts';
import type { OrderEnd } from './order-end.ts';
import type { EpisodeState } from './recovery-state.ts';
import { type Posted, postMessage, type ServerSettings } from './server-client.ts';
import type { Session } from './session.ts';
import { toldIdentity } from './told-identity.ts';
import type { OfferedPiece } from './upload-evidence.ts';

/** What a check-in brought, and what an order in it must answer. */
export interface CheckedIn {
  readonly posted: Posted<Answer>;
  readonly nonce: string;
  readonly sentAtMs: number;
}

/** The device's side of an episode: numbered messages, each number durable before it is used. */
export class Conversation {
  readonly #session: Session;
  readonly #memory: DeviceMemory;
  #episode: EpisodeState;

  constructor(session: Session, memory: DeviceMemory, episode: EpisodeState) {
    this.#session = session;
    this.#memory = memory;
    this.#episode = episode;
  }

  get episode(): EpisodeState {
    return this.#memory.state.episode?.episode === this.#episode.episode
      ? this.#memory.state.episode
      : this.#episode;
  }

  get settings(): ServerSettings {
    return this.#memory.server;
  }

  /** Asks for help, with a fresh nonce; of the facts what the first check-in of a run has room for. */
  async checkIn(
    reason: TurnReason,
    facts: Facts,
    offered: readonly OfferedPiece[],
    previousAttempt: CheckIn['previousAttempt'],
    isFirst: boolean,
  ): Promise<CheckedIn> {
    const { recall, trust, device } = this.#memory;
    const { programs = [] } = device;
    const sequence = this.#takeSequence();
    const nonce = this.#session.random128();
    const { episode, previousEpisode } = this.episode;
    const { name: _name, ...machine } = toldIdentity(this.#session.host);
    const frame: CheckIn = {
      version: 1,
      episode,
      ...(previousEpisode === undefined ? {} : { previousEpisode }),
      sequence,
      nonce,
      reason,
      agentVersion: agentBuild.version,
      device: machine,
      trustVersion: trust.version,
      recallVersion: recall.kind === 'known' ? recall.version : 0,
      facts: {},
      evidence: offered.map(({ offer }) => offer),
      ...(previousAttempt === undefined ? {} : { previousAttempt }),
      ...(programs.length === 0 ? {} : { programs }),
      story: this.#session.story(),
    };
    const message = { ...frame, facts: isFirst ? factsBeside(frame, facts) : facts };
    const sentAtMs = this.#session.host.clock.monotonicMs();
    const posted = await this.#post('/v1/check-in', message, true);
    if (posted.kind === 'answered' && previousAttempt) this.#forgetAttempt(previousAttempt.attemptId);
    return { posted, nonce, sentAtMs };
  }

  /** Tells how an order ended; the same message until it arrives, a person presses a key or it was tried often enough. */
  async tellOutcome(end: OrderEnd, offered: readonly OfferedPiece[]): Promise<Decision | 'not-told' | 'key'> {
    const sequence = this.#takeSequence();
    const { episode } = this.episode;
    const evidence = offered.map(({ offer }) => offer);
    const story = this.#session.story();
    const message: Outcome = { version: 1, episode, sequence, ...end, evidence, story };
    for (let tries = 1; ; tries++) {
      const posted = await this.#post('/v1/outcome', message, false);
      if (posted.kind === 'answered') return posted.message.decision;
      if (posted.kind === 'refused' || tries >= maxOutcomeTries) return 'not-told';
      const ms =
        posted.kind === 'busy' ? Math.min(posted.retryAfterSeconds * 1000, maxOutcomePauseMs) : tries * 3000;
      if ((await this.#session.host.clock.wait(ms + this.#session.randomBelow(1000))) === 'key') return 'key';
    }
  }

  #takeSequence(): number {
    const sequence = this.episode.sequence + 1;
    this.#memory.saveEpisode({ ...this.episode, sequence });
    return sequence;
  }

  #forgetAttempt(attemptId: string): void {
    const { attempt, ...rest } = this.episode;
    if (attempt?.attemptId === attemptId) this.#memory.saveEpisode(rest);
  }

  async #post(path: string, message: CheckIn | Outcome, endsAtKey: boolean): Promise<Posted<Answer>> {
    const body = utf8Of(JSON.stringify(message));
    const sent = { path, contentType: 'application/json', body, endsAtKey };
    const posted = await postMessage(this.#session.host, this.settings, sent, parseAnswer);
    if (posted.kind !== 'answered') {
      const details = { path, kind: posted.kind };
      const why =
        posted.kind === 'busy' ? `the server is busy for ${posted.retryAfterSeconds} s` : posted.message;
      this.#session.log('warn', 'server-not-answering', why, details);
      return posted;
    }
    const { incidentCode, decision } = posted.message;
    this.#session.identify({ incidentCode });
    this.#session.log('info', 'server-answered', `The server answers: ${decision.kind}.`, {
      path,
      decision: decision.kind,
      incidentCode,
      sentBytes: body.length,
    });
    const problem = this.#memory.takeNews(posted.message);
    if (problem !== undefined)
      this.#session.log('warn', 'news-not-believed', 'An update is not believed.', { problem });
    return posted;
  }
}

/** What a first check-in may take, and what its facts get even where long lists of programs leave them less. */
const [mostCheckInBytes, leastFactsBytes] = [4096, 1600];

/** The most telling facts come first, so it is the end of them that has no room; it comes when these explained nothing. */
const factsBeside = (frame: CheckIn, facts: Facts): Facts =>
  fitFacts([facts], Math.max(leastFactsBytes, mostCheckInBytes - jsonBytesOf(frame)));

const maxOutcomeTries = 5;
const maxOutcomePauseMs = 60_000;
