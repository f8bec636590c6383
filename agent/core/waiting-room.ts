import type { WaitSettings } from '../../shared/winre/agent-settings.ts';
import { handedOver, type RecoveryEnd, type Session } from './session.ts';

const firstRetryMs = 5000;
const minuteMs = 60_000;

/**
 * Every wait of a run: one key press ends it in the menu, and so does the total wait time. Waits carry jitter, so that
 * a fleet that fell together does not come back together.
 */
export class WaitingRoom {
  readonly #session: Session;
  readonly #intervalMs: number;
  readonly #deadlineMs: number;
  #retryMs = firstRetryMs;

  constructor(session: Session, settings: WaitSettings) {
    this.#session = session;
    this.#intervalMs = settings.waitIntervalMinutes * minuteMs;
    this.#deadlineMs = settings.totalWaitMinutes * minuteMs;
  }

  /** When the total wait time is over, on the host's monotonic clock. */
  get untilMs(): number {
    return this.#session.host.clock.monotonicMs() + this.#deadlineMs - this.#session.atMs();
  }

  /** The server answered: the next trouble starts with a short pause again. */
  reset(): void {
    this.#retryMs = firstRetryMs;
  }

  /** A pause that doubles with every trouble in a row, up to the wait interval. */
  async retryLater(code: string, message: string): Promise<RecoveryEnd | undefined> {
    const ms = Math.min(this.#retryMs, this.#intervalMs);
    this.#retryMs = ms * 2;
    return this.#wait(this.#jittered(ms), code, message);
  }

  async waitInterval(code: string, message: string): Promise<RecoveryEnd | undefined> {
    return this.#wait(this.#jittered(this.#intervalMs), code, message);
  }

  async waitSeconds(seconds: number, code: string, message: string): Promise<RecoveryEnd | undefined> {
    return this.#wait(seconds * 1000 + this.#session.randomBelow(1000), code, message);
  }

  #jittered(ms: number): number {
    return ms + this.#session.randomBelow(Math.ceil(ms / 4));
  }

  async #wait(ms: number, code: string, message: string): Promise<RecoveryEnd | undefined> {
    const leftMs = this.#deadlineMs - this.#session.atMs();
    const waitMs = Math.max(0, Math.min(ms, leftMs));
    this.#session.log('info', 'waiting', message, { code, seconds: Math.round(waitMs / 1000) });
    this.#session.show(`${message} Press any key for the recovery menu.`);
    if ((await this.#session.host.clock.wait(waitMs)) === 'key')
      return handedOver('key-pressed', 'A key was pressed.');
    return ms >= leftMs
      ? handedOver('time-is-up', `The total wait time is over; last: ${message}`)
      : undefined;
  }
}
