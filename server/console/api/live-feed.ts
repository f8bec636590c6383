import { type LiveEvent, liveEndpoints, liveEvent } from '../../../shared/api/live-event.ts';
import { here } from './place.ts';

/** Whether the page hears of changes as they happen. */
export type LiveState = 'connecting' | 'live' | 'reconnecting' | 'offline';

interface Listeners {
  readonly onEvent: (event: LiveEvent) => void;
  /** Events were missed: read everything again. */
  readonly onGap: () => void;
}

const firstWaitMs = 1000;
const longestWaitMs = 15_000;

/** The server's stream of changes, kept open; it reconnects by itself and tells when something was missed. */
export class LiveFeed {
  #state: LiveState = 'connecting';
  #source: EventSource | undefined;
  #waitMs = firstWaitMs;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #wasLive = false;
  #lostAt: string | undefined;
  readonly #watchers = new Set<() => void>();
  readonly #listeners: Listeners;

  constructor(listeners: Listeners) {
    this.#listeners = listeners;
  }

  readonly watch = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  };

  readonly getState = (): LiveState => this.#state;

  /** When the stream was cut, while it is. */
  readonly getLostAt = (): string | undefined => this.#lostAt;

  /** Opens the stream until the answer is called. */
  open(): () => void {
    const again = () => this.#connect();
    window.addEventListener('online', again);
    this.#connect();
    return () => {
      window.removeEventListener('online', again);
      clearTimeout(this.#timer);
      this.#source?.close();
      this.#source = undefined;
    };
  }

  #connect(): void {
    clearTimeout(this.#timer);
    this.#source?.close();
    const source = new EventSource(here(liveEndpoints.events.path));
    this.#source = source;
    source.addEventListener('open', () => {
      this.#waitMs = firstWaitMs;
      this.#lostAt = undefined;
      this.#become('live');
      if (this.#wasLive) this.#listeners.onGap();
      this.#wasLive = true;
    });
    source.addEventListener('message', message => this.#hear(message.data));
    source.addEventListener('error', () => this.#lose(source));
  }

  #hear(data: unknown): void {
    const parsed = liveEvent.safeParse(parseJson(data));
    // An event of a kind this page does not know is still a hint that something changed.
    if (parsed.success) this.#listeners.onEvent(parsed.data);
    else this.#listeners.onGap();
  }

  /** The browser's own reconnecting gives up on some answers, so the feed does it with growing waits. */
  #lose(source: EventSource): void {
    if (source !== this.#source) return;
    source.close();
    this.#lostAt ??= new Date().toISOString();
    this.#become(this.#waitMs > firstWaitMs * 2 || !navigator.onLine ? 'offline' : 'reconnecting');
    this.#timer = setTimeout(() => this.#connect(), this.#waitMs * (0.75 + Math.random() / 2));
    this.#waitMs = Math.min(this.#waitMs * 2, longestWaitMs);
  }

  #become(state: LiveState): void {
    if (state === this.#state) return;
    this.#state = state;
    for (const watcher of this.#watchers) watcher();
  }
}

function parseJson(data: unknown): unknown {
  try {
    return JSON.parse(String(data));
  } catch {
    return undefined;
  }
}
