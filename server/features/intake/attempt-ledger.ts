import { type AttemptEvent, isLive, nextAttemptState } from './attempt-machine.ts';
import type { AttemptChange, KnownAttempt, ReadSituation } from './intake-store.ts';

/** What happened to the attempts of one device in one message, by the rules of the attempt machine. */
export class AttemptLedger {
  readonly #attempts = new Map<string, KnownAttempt>();
  readonly #changes = new Map<string, AttemptChange>();
  readonly #failedBefore: Readonly<Record<string, number>>;
  readonly #liveBefore: string | undefined;

  constructor({ attempts, liveAttempt, failedAttempts }: ReadSituation) {
    for (const attempt of attempts) this.#attempts.set(attempt.attemptId, attempt);
    if (liveAttempt) this.#attempts.set(liveAttempt.attemptId, liveAttempt);
    this.#failedBefore = failedAttempts;
    this.#liveBefore = liveAttempt?.attemptId;
  }

  find(attemptId: string): KnownAttempt | undefined {
    return this.#attempts.get(attemptId);
  }

  /** The attempt that the device may still be carrying out. */
  get live(): KnownAttempt | undefined {
    return [...this.#attempts.values()].find(attempt => isLive(attempt.state));
  }

  get liveBefore(): string | undefined {
    return this.#liveBefore;
  }

  get changes(): readonly AttemptChange[] {
    return [...this.#changes.values()];
  }

  get isStuck(): boolean {
    return [...this.#attempts.values()].some(attempt => attempt.state === 'stuck');
  }

  /** Attempts that did not heal, by remediation, those that ended with this message included. */
  get failedAttempts(): Record<string, number> {
    const failed = { ...this.#failedBefore };
    for (const { attemptId, state } of this.#changes.values()) {
      const { remediationId } = this.#attempts.get(attemptId)!;
      const endedNow = this.#liveBefore === attemptId && !isLive(state);
      if (endedNow && state !== 'healed' && state !== 'recalled')
        failed[remediationId] = (failed[remediationId] ?? 0) + 1;
    }
    return failed;
  }

  /** Lets an event happen; false when it is illegal in the attempt's state. */
  happen(
    attemptId: string,
    event: AttemptEvent,
    told: { code?: string | undefined; steps?: unknown } = {},
  ): boolean {
    const attempt = this.#attempts.get(attemptId);
    const state = attempt && nextAttemptState(attempt.state, event);
    if (!attempt || !state) return false;
    this.#attempts.set(attemptId, { ...attempt, state });
    this.#changes.set(attemptId, {
      attemptId,
      incidentId: attempt.incidentId,
      state,
      code: told.code,
      steps: told.steps,
      isApplied: event === 'applied',
      isEnded: !isLive(state),
    });
    return true;
  }
}
