import type { PendingTransaction } from '../bootlog/pending-transaction.ts';
import type { Facts } from './facts.ts';

/** The facts pending.xml states: whether servicing waits for the next start, and with what. */
export function factsOfPendingTransaction({
  isPending,
  packages: [first],
}: Pick<PendingTransaction, 'isPending' | 'packages'>): Facts {
  return {
    'servicing.pending': isPending,
    ...(first !== undefined && { 'servicing.pendingPackage': first.slice(0, 512) }),
  };
}
