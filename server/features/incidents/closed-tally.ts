import type { Transactions } from '../../db/sql.ts';
import { ClosedTallyStore } from './closed-tally-store.ts';

const hourMs = 3_600_000;
/** A transaction that ended an incident before the hour was full has committed or failed long before. */
const settledMs = 600_000;

/** Counts whole hours of ended incidents, so that the list needs not count them again. */
export class ClosedTally {
  readonly #transactions: Transactions;

  constructor(transactions: Transactions) {
    this.#transactions = transactions;
  }

  readonly count = async (now: Date): Promise<void> => {
    const until = new Date(Math.floor((now.getTime() - settledMs) / hourMs) * hourMs);
    await this.#transactions.transaction(sql => new ClosedTallyStore(sql).countUntil(until));
  };
}
