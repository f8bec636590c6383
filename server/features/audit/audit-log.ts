import type { Sql } from '../../db/sql.ts';
import { type AuditEntry, auditHash, type AuditProblem, checkAuditChain, firstHash } from './audit-chain.ts';
import type { Audit, AuditAction } from './audit-entry.ts';
import { findNewestEntry, insertEntry, listEntriesAfter, lockNewestEntry } from './audit-store.ts';

const batch = 1000;

/**
 * The audit log: appended to and never changed, each entry carrying the hash of the one before. Whoever can write the
 * tables can rewrite it from some entry on, so keep the newest hash elsewhere as well.
 */
export class AuditLog implements Audit {
  readonly #now: () => Date;
  readonly #appended: () => void;

  /** `appended` is called within the transaction of an entry. */
  constructor(now: () => Date, appended: () => void = () => {}) {
    this.#now = now;
    this.#appended = appended;
  }

  async append(sql: Sql, action: AuditAction): Promise<void> {
    const newest = await lockNewestEntry(sql, action.organizationId);
    const entry = {
      ...action,
      detail: action.detail ?? {},
      number: (newest?.number ?? 0) + 1,
      at: this.#now(),
      previousHash: newest?.hash ?? firstHash,
    };
    await insertEntry(sql, { ...entry, hash: auditHash(entry) });
    this.#appended();
  }

  /** What was done last of this kind to this subject; undefined when it never was. */
  async findNewest(
    sql: Sql,
    organizationId: string,
    deed: Pick<AuditEntry, 'action' | 'subject'>,
  ): Promise<AuditEntry | undefined> {
    return await findNewestEntry(sql, organizationId, deed);
  }

  /** Whether every entry is as it was written: how many there are, or where the chain breaks. */
  async verify(
    sql: Sql,
    organizationId: string,
  ): Promise<{ readonly entries: number } | { readonly problem: AuditProblem }> {
    let last: { readonly number: number; readonly hash: Uint8Array } = { number: 0, hash: firstHash };
    for (;;) {
      const entries = await listEntriesAfter(sql, organizationId, last.number, batch);
      const problem = checkAuditChain(entries, last);
      if (problem) return { problem };
      last = entries.at(-1) ?? last;
      if (entries.length < batch) return { entries: last.number };
    }
  }
}
