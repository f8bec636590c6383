import { createHash } from 'node:crypto';
import { canonicalJson } from '../../../shared/trust/canonical-json.ts';
import type { AuditDetail } from './audit-entry.ts';

/** One entry of the audit log, as it is kept. `hash` covers everything in it and the hash of the entry before. */
export interface AuditEntry {
  readonly organizationId: string;
  readonly number: number;
  readonly at: Date;
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  readonly detail: AuditDetail;
  readonly previousHash: Uint8Array;
  readonly hash: Uint8Array;
}

/** What stands before the first entry of an organization. */
export const firstHash: Uint8Array = new Uint8Array(32);

/** The hash of an entry. */
export function auditHash(entry: Omit<AuditEntry, 'hash'>): Buffer {
  const { organizationId, number, at, actor, action, subject, detail } = entry;
  const told = { organizationId, number, at: at.toISOString(), actor, action, subject, detail };
  return createHash('sha256').update(entry.previousHash).update(canonicalJson(told)).digest();
}

/** What is wrong with a stretch of the log, at which entry. */
export interface AuditProblem {
  readonly code: 'entry-missing' | 'entry-changed' | 'chain-broken';
  readonly number: number;
}

/** Checks entries in their order against the one before them; undefined when all are as they were written. */
export function checkAuditChain(
  entries: Iterable<AuditEntry>,
  before: { readonly number: number; readonly hash: Uint8Array },
): AuditProblem | undefined {
  let [number, hash] = [before.number, before.hash];
  for (const entry of entries) {
    number++;
    if (entry.number !== number) return { code: 'entry-missing', number };
    if (!Buffer.from(hash).equals(entry.previousHash)) return { code: 'chain-broken', number };
    if (!auditHash(entry).equals(entry.hash)) return { code: 'entry-changed', number };
    hash = entry.hash;
  }
  return undefined;
}
