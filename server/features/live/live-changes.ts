import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../../logging/log.ts';

const channel = 'changed';
/** Many changes at once become one wake-up: a notification costs every commit that carries one. */
const gatherMs = 100;
const pollMs = 5000;

/** Tells consoles of one kind of change. */
export interface Teller {
  /** Tells what changed since the last time. */
  tell(): Promise<void>;
  /** Nobody listens; whoever comes reads everything anyway. */
  skip(): void;
}

interface Parts {
  readonly sql: {
    listen(channel: string, wake: () => void): Promise<() => Promise<void>>;
    notify(channel: string): Promise<void>;
  };
  readonly events: { readonly readers: number };
  readonly log: Log;
}

/**
 * Tells consoles what changed, also through other server processes. Notifications only wake; what changed is read from
 * the tables, and read every few seconds anyway.
 */
export class LiveChanges {
  readonly #parts: Parts;
  #tellers: readonly Teller[] = [];
  #gathering = false;
  #stopping: AbortController | undefined;
  #wake = new AbortController();
  #running: Promise<void> | undefined;
  #unlisten: (() => Promise<void>) | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Starts telling. */
  async start(tellers: readonly Teller[]): Promise<void> {
    this.#tellers = tellers;
    this.#stopping = new AbortController();
    this.#unlisten = await this.#parts.sql.listen(channel, () => this.#wake.abort());
    this.#running = this.#run(this.#stopping.signal);
  }

  async stop(): Promise<void> {
    this.#stopping?.abort();
    this.#wake.abort();
    await this.#running;
    await this.#unlisten?.();
  }

  /** Something changed and is committed, or will be in a moment. */
  readonly changed = (): void => {
    if (this.#gathering) return;
    this.#gathering = true;
    setTimeout(() => {
      this.#gathering = false;
      this.#parts.sql.notify(channel).catch((error: unknown) => {
        this.#parts.log.debug('consoles learn of a change later', { reason: String(error) });
      });
    }, gatherMs).unref();
  };

  async #run(stopping: AbortSignal): Promise<void> {
    while (!stopping.aborted) {
      this.#wake = new AbortController();
      for (const teller of this.#tellers)
        await this.#ask(teller).catch((error: unknown) => {
          this.#parts.log.debug('changes cannot be read now', { reason: String(error) });
        });
      if (!stopping.aborted)
        await sleep(pollMs, undefined, { signal: this.#wake.signal, ref: false }).catch(() => {});
    }
  }

  async #ask(teller: Teller): Promise<void> {
    if (this.#parts.events.readers === 0) teller.skip();
    else await teller.tell();
  }
}
