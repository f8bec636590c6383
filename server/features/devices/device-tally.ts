import type { Transactions } from '../../db/sql.ts';
import { DeviceTallyStore } from './device-tally-store.ts';

/** Keeps the counts of devices short: many small changes become one row each. */
export class DeviceTally {
  readonly #transactions: Transactions;

  constructor(transactions: Transactions) {
    this.#transactions = transactions;
  }

  readonly sum = async (): Promise<void> => {
    await this.#transactions.transaction(sql => new DeviceTallyStore(sql).sum());
  };
}
