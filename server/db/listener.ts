import type pg from 'pg';

/** Called with the payload of a notification, or without one when some may have been missed. */
export type Wakeup = (payload: string | undefined) => void;

const firstRetryMs = 250;
const longestRetryMs = 5000;

/** One connection that listens on channels, and comes back by itself after the database was away. */
export class Listener {
  readonly #makeClient: () => pg.Client;
  readonly #wakeups = new Map<string, Set<Wakeup>>();
  #client: pg.Client | undefined;
  #connecting: Promise<void> | undefined;
  #retry: NodeJS.Timeout | undefined;
  #retryMs = firstRetryMs;
  #closed = false;

  constructor(makeClient: () => pg.Client) {
    this.#makeClient = makeClient;
  }

  async add(channel: string, wake: Wakeup): Promise<() => Promise<void>> {
    const known = this.#wakeups.get(channel);
    if (known) known.add(wake);
    else {
      this.#wakeups.set(channel, new Set([wake]));
      if (this.#client) await this.#client.query(`listen ${quoted(channel)}`).catch(() => {});
      else await (this.#connecting ??= this.#connect());
    }
    return () => this.#remove(channel, wake);
  }

  async #remove(channel: string, wake: Wakeup): Promise<void> {
    const wakeups = this.#wakeups.get(channel);
    wakeups?.delete(wake);
    if (wakeups?.size !== 0) return;
    this.#wakeups.delete(channel);
    await this.#client?.query(`unlisten ${quoted(channel)}`).catch(() => {});
  }

  /** Never throws: while the database is away it tries again later. */
  async #connect(): Promise<void> {
    const client = this.#makeClient();
    let lost = false;
    const lose = () => {
      if (lost) return;
      lost = true;
      if (this.#client === client) this.#client = undefined;
      client.end().catch(() => {});
      this.#connectLater();
    };
    client.on('error', lose);
    client.on('end', lose);
    client.on('notification', ({ channel, payload }) => {
      for (const wake of this.#wakeups.get(channel) ?? []) wake(payload);
    });
    try {
      await client.connect();
      for (const channel of this.#wakeups.keys()) await client.query(`listen ${quoted(channel)}`);
      this.#client = client;
      this.#connecting = undefined;
      this.#retryMs = firstRetryMs;
    } catch {
      lose();
    }
  }

  #connectLater(): void {
    this.#connecting = undefined;
    if (this.#closed) return;
    const waitMs = this.#retryMs * (0.5 + Math.random() / 2);
    this.#retryMs = Math.min(this.#retryMs * 2, longestRetryMs);
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => {
      this.#connecting ??= this.#connect().then(() => this.#wakeAll());
    }, waitMs);
  }

  #wakeAll(): void {
    if (!this.#client) return;
    for (const wakeups of this.#wakeups.values()) for (const wake of wakeups) wake(undefined);
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#retry);
    this.#wakeups.clear();
    const client = this.#client;
    this.#client = undefined;
    await client?.end().catch(() => {});
  }
}

const quoted = (channel: string) => `"${channel.replaceAll('"', '""')}"`;
