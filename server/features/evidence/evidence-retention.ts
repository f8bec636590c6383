import type { BlobStore } from '../../blobs/blob-store.ts';
import type { Transactions } from '../../db/sql.ts';
import type { Log } from '../../logging/log.ts';
import { EvidenceStore } from './evidence-store.ts';

const atOnce = 100;
const dayMs = 86_400_000;

/** Deletes the bytes of old evidence for good. What was read in them stays. */
export class EvidenceRetention {
  readonly #transactions: Transactions;
  readonly #blobs: BlobStore;
  readonly #log: Log;
  readonly #keepDays: number;

  constructor(parts: { transactions: Transactions; blobs: BlobStore; log: Log; keepDays: number }) {
    this.#transactions = parts.transactions;
    this.#blobs = parts.blobs;
    this.#log = parts.log;
    this.#keepDays = parts.keepDays;
  }

  /** Expires everything older than it may be kept. */
  readonly expireEvidence = async (now: Date): Promise<void> => {
    const before = new Date(now.getTime() - this.#keepDays * dayMs);
    for (let expired = atOnce; expired === atOnce;) {
      expired = await this.#transactions.transaction(async sql => {
        const store = new EvidenceStore(sql);
        const pieces = await store.lockExpired(before, atOnce);
        for (const piece of pieces) {
          if (piece.blob !== null) await this.#blobs.delete(piece.blob);
          await store.expire(piece, now);
        }
        return pieces.length;
      });
      if (expired > 0) this.#log.info('evidence expired', { pieces: expired });
    }
  };
}
