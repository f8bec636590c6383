import type { Transactions } from '../../db/sql.ts';
import type { Log } from '../../logging/log.ts';
import { attemptStatesBefore } from './attempt-machine.ts';
import { incidentStatesBefore } from './incident-machine.ts';
import { SilenceStore } from './silence-store.ts';

const atOnce = 500;
/** An incident of which nothing was heard for so long is given up; the machine may still call again. */
const forgottenAfterMs = 30 * 86_400_000;

/** Finds machines that fell silent: silence counts as failure, and a person looks. */
export class Silence {
  readonly #transactions: Transactions;
  readonly #log: Log;
  readonly #incidentChanged: (incidentId: string) => void;

  constructor(parts: {
    transactions: Transactions;
    log: Log;
    incidentChanged: (incidentId: string) => void;
  }) {
    this.#transactions = parts.transactions;
    this.#log = parts.log;
    this.#incidentChanged = parts.incidentChanged;
  }

  /** Ends every attempt whose deadline has passed, and gives up what nobody spoke of for a month. */
  readonly markSilent = async (now: Date): Promise<void> => {
    const legal = {
      attempt: attemptStatesBefore('deadline'),
      incident: incidentStatesBefore('attempt-ended'),
    };
    await this.#inBatches('fell silent', async store => {
      const due = await store.lockDue(now, atOnce);
      const changed = due.length === 0 ? [] : await store.markSilent(due, now, legal);
      return { changed, more: due.length === atOnce };
    });
    const before = new Date(now.getTime() - forgottenAfterMs);
    await this.#inBatches('given up', async store => {
      const changed = await store.giveUp(before, now, incidentStatesBefore('forgotten'), atOnce);
      return { changed, more: changed.length === atOnce };
    });
  };

  async #inBatches(
    what: string,
    batch: (store: SilenceStore) => Promise<{ changed: string[]; more: boolean }>,
  ): Promise<void> {
    for (let more = true; more;) {
      const done = await this.#transactions.transaction(sql => batch(new SilenceStore(sql)));
      if (done.changed.length > 0) this.#log.info(what, { incidents: done.changed.length });
      for (const incidentId of done.changed) this.#incidentChanged(incidentId);
      ({ more } = done);
    }
  }
}
