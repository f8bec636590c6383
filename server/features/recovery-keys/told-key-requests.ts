import type { LiveEvent } from '../../../shared/api/live-event.ts';
import type { Sql } from '../../db/sql.ts';
import { KeyRequestStore } from './key-request-store.ts';

interface Parts {
  readonly sql: Sql;
  readonly organizationId: string;
  readonly send: (event: LiveEvent) => void;
}

/** Tells consoles that another locked machine asks for its recovery key. */
export class ToldKeyRequests {
  readonly #parts: Parts;
  readonly #store: KeyRequestStore;
  #told: string | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#store = new KeyRequestStore(parts.sql);
  }

  /** What is asked meanwhile is told to whoever comes next, which costs one reading. */
  skip(): void {}

  async tell(): Promise<void> {
    const newest = await this.#store.findNewest(this.#parts.organizationId);
    const requestId = newest?.requestId ?? '';
    if (newest && this.#told !== undefined && requestId !== this.#told)
      this.#parts.send({ kind: 'key-request', at: newest.askedAt.toISOString() });
    this.#told = requestId;
  }
}
