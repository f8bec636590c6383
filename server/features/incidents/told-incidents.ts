import type { LiveEvent } from '../../../shared/api/live-event.ts';
import type { Sql } from '../../db/sql.ts';
import { IncidentRead } from './incident-read.ts';

/** Clocks of several servers differ, and a commit comes later than the instant it carries. */
const overlapMs = 3000;
const mostAtOnce = 500;

interface Parts {
  readonly sql: Sql;
  readonly organizationId: string;
  readonly send: (event: LiveEvent) => void;
  readonly clock: () => Date;
}

/** Tells consoles which incidents changed, each change once. */
export class ToldIncidents {
  readonly #parts: Parts;
  readonly #read: IncidentRead;
  readonly #told = new Map<string, number>();
  #since: Date;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#read = new IncidentRead(parts.sql);
    this.#since = parts.clock();
  }

  skip(): void {
    this.#since = this.#parts.clock();
    this.#told.clear();
  }

  async tell(): Promise<void> {
    const since = new Date(this.#since.getTime() - overlapMs);
    const changes = await this.#read.listChangedSince(this.#parts.organizationId, since, mostAtOnce);
    for (const [incidentId, toldMs] of this.#told)
      if (toldMs < since.getTime()) this.#told.delete(incidentId);
    for (const { incidentId, changedAt } of changes) {
      if (this.#told.get(incidentId) === changedAt.getTime()) continue;
      this.#told.set(incidentId, changedAt.getTime());
      this.#parts.send({ kind: 'incident', incidentId, at: changedAt.toISOString() });
    }
    const newest = changes.at(-1)?.changedAt;
    if (newest && newest > this.#since) this.#since = newest;
  }
}
