import type { BlobStore } from '../../blobs/blob-store.ts';
import type { Transactions } from '../../db/sql.ts';
import type { SignedIn } from '../../http/console-session.ts';
import { Refusal } from '../../http/refusal.ts';
import type { Audit } from '../audit/audit-entry.ts';
import { chunksOf } from './evidence-intake.ts';
import { EvidenceStore } from './evidence-store.ts';

export interface DownloadedFile {
  readonly name: string;
  readonly sizeBytes: number;
  readonly chunks: AsyncIterable<Uint8Array>;
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Gives people the bytes of evidence, and notes who took them. */
export class EvidenceDownload {
  readonly #transactions: Transactions;
  readonly #blobs: BlobStore;
  readonly #audit: Audit;

  constructor(parts: { transactions: Transactions; blobs: BlobStore; audit: Audit }) {
    this.#transactions = parts.transactions;
    this.#blobs = parts.blobs;
    this.#audit = parts.audit;
  }

  async open(
    { organizationId, name }: SignedIn,
    incidentId: string,
    evidenceId: string,
  ): Promise<DownloadedFile> {
    const missing = new Refusal('not-found', `No stored evidence ${evidenceId.slice(0, 40)} is here.`);
    if (!uuid.test(incidentId)) throw missing;
    const piece = await this.#transactions.transaction(async sql => {
      const found = await new EvidenceStore(sql).findPiece({ organizationId, incidentId, evidenceId });
      if (!found?.blob || found.receivedBytes < found.sizeBytes) throw missing;
      await this.#audit.append(sql, {
        organizationId,
        actor: `account:${name}`,
        action: 'evidence-downloaded',
        subject: `incident:${incidentId}`,
        detail: { evidenceId, kind: found.kind },
      });
      return { ...found, blob: found.blob };
    });
    return {
      name: fileNameOf(piece.name),
      sizeBytes: piece.sizeBytes,
      chunks: chunksOf(this.#blobs, piece.blob, piece.sizeBytes),
    };
  }
}

/** The last component of what may be a Windows path. */
const fileNameOf = (name: string): string => name.split(/[\\/]/).at(-1) || 'evidence.bin';
