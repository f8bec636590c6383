import { setTimeout as sleep } from 'node:timers/promises';
import type { LiveEvent } from '../../../shared/api/live-event.ts';
import type { Sql } from '../../db/sql.ts';
import type { Log } from '../../logging/log.ts';
import { IncidentRead } from './incident-read.ts';

const channel = 'incident_changed';
/** Many changes at once become one wake-up: a notification costs every commit that carries one. */
const gatherMs = 100;
const pollMs = 5000;
/** Clocks of several servers differ, and a commit comes later than the instant it carries. */
const overlapMs = 3000;
const mostAtOnce = 500;

interface Parts {
  readonly sql: Sql & {
    listen(channel: string, wake: () => void): Promise<() => Promise<void>>;
    notify(channel: string): Promise<void>;
  };
  readonly organizationId: string;
  readonly events: { readonly readers: number; send(event: LiveEvent): void };
  readonly log: Log;
  readonly clock: () => Date;
}

/**
 * Tells consoles which incidents changed, also through other server processes. Notifications only wake; what changed
 * is read from the table, and read every few seconds anyway.
 */
export class LiveIncidents {
  readonly #parts: Parts;
  readonly #read: IncidentRead;
  readonly #told = new Map<string, number>();
  #since: Date;
  #gathering = false;
  #stopping: AbortController | undefined;
  #wake = new AbortController();
  #running: Promise<void> | undefined;
  #unlisten: (() => Promise<void>) | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#read = new IncidentRead(parts.sql);
    this.#since = parts.clock();
  }

  /** Starts telling. */
  async start(): Promise<void> {
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

  /** An incident changed and is committed. */
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
      await this.tellChanges().catch((error: unknown) => {
        this.#parts.log.debug('changes cannot be read now', { reason: String(error) });
      });
      if (!stopping.aborted)
        await sleep(pollMs, undefined, { signal: this.#wake.signal, ref: false }).catch(() => {});
    }
  }

  /** Tells what changed since the last time. */
  async tellChanges(): Promise<void> {
    const { organizationId, events } = this.#parts;
    if (events.readers === 0) {
      this.#since = this.#parts.clock();
      this.#told.clear();
      return;
    }
    const since = new Date(this.#since.getTime() - overlapMs);
    const changes = await this.#read.listChangedSince(organizationId, since, mostAtOnce);
    for (const [incidentId, toldMs] of this.#told)
      if (toldMs < since.getTime()) this.#told.delete(incidentId);
    for (const { incidentId, changedAt } of changes) {
      if (this.#told.get(incidentId) === changedAt.getTime()) continue;
      this.#told.set(incidentId, changedAt.getTime());
      events.send({ kind: 'incident', incidentId, at: changedAt.toISOString() });
    }
    const newest = changes.at(-1)?.changedAt;
    if (newest && newest > this.#since) this.#since = newest;
  }
}
