import type { LiveEvent } from '../../../shared/api/live-event.ts';
import type { Sql } from '../../db/sql.ts';
import { readNewest } from './audit-store.ts';

interface Parts {
  readonly sql: Sql;
  readonly organizationId: string;
  readonly send: (event: LiveEvent) => void;
}

/** Tells consoles that somebody did something: whatever is saved, signed, accepted or taken back is in the audit log. */
export class ToldDeeds {
  readonly #parts: Parts;
  #told: number | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** What is done meanwhile is told to whoever comes next, which costs one reading. */
  skip(): void {}

  async tell(): Promise<void> {
    const newest = await readNewest(this.#parts.sql, this.#parts.organizationId);
    const number = newest?.number ?? 0;
    if (newest && this.#told !== undefined && number > this.#told)
      this.#parts.send({ kind: 'deed', at: newest.at.toISOString() });
    this.#told = number;
  }
}
