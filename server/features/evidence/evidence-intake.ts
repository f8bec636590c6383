import { randomUUIDv7, createHash } from 'node:crypto';
import type { EvidenceAnswer } from '../../../shared/wire/evidence.ts';
import type { BlobStore } from '../../blobs/blob-store.ts';
import type { Transactions } from '../../db/sql.ts';
import type { ReceivedPart } from '../../http/evidence-upload.ts';
import { Refusal } from '../../http/refusal.ts';
import type { DeviceKeyName } from '../../http/request-signature.ts';
import type { Log } from '../../logging/log.ts';
import { chunksOf } from './blob-bytes.ts';
import { unreadable } from './evidence-reading.ts';
import { EvidenceStore, type Piece } from './evidence-store.ts';

interface Parts {
  readonly transactions: Transactions;
  readonly blobs: BlobStore;
  readonly log: Log;
  readonly clock: () => Date;
  /** What one device may send within 24 hours. */
  readonly dailyBytes: number;
  /** Told when a piece waits to be read. */
  readonly readingQueued: () => void;
  readonly incidentChanged: (incidentId: string) => void;
}

/** How a part was taken: `misplaced` when bytes before it are missing. A part that overlaps is not taken, only answered. */
export type PartTaken = EvidenceAnswer & { readonly misplaced: boolean };

const dayMs = 86_400_000;

interface Progress {
  readonly piece: Piece;
  readonly blob: string;
  readonly receivedBytes: number;
  readonly wholeSha256: Uint8Array | undefined;
}

/** Takes parts of evidence that was offered and asked for, in their order; a repeated part is harmless. */
export class EvidenceIntake {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async takePart(device: DeviceKeyName, received: ReceivedPart): Promise<PartTaken> {
    const taken = await this.#parts.transactions.transaction(async sql => {
      const store = new EvidenceStore(sql);
      const { part } = received;
      const piece = await store.lockPiece(device, part.episode, part.evidenceId);
      return await this.#count(store, device, wanted(piece, part.evidenceId), received);
    });
    if ('wholeSha256' in taken) return await this.#finish(taken);
    return taken;
  }

  async #count(
    store: EvidenceStore,
    device: DeviceKeyName,
    piece: Piece,
    { part, blobId, staged }: ReceivedPart,
  ): Promise<PartTaken | Progress> {
    const { sizeBytes, receivedBytes } = piece;
    const endBytes = part.offsetBytes + part.sizeBytes;
    if (endBytes > sizeBytes)
      throw new Refusal(
        'part-too-large',
        `This piece was offered with ${sizeBytes} bytes; the part ends behind.`,
        {
          path: 'offsetBytes',
        },
      );
    const isRepeat = endBytes <= receivedBytes;
    if (piece.state !== 'wanted' && piece.state !== 'receiving')
      return { version: 1, receivedBytes, complete: true, misplaced: false };
    if (isRepeat && receivedBytes === sizeBytes)
      return { piece, blob: piece.blob ?? blobId, receivedBytes, wholeSha256: undefined };
    if (isRepeat || part.offsetBytes !== receivedBytes)
      return { version: 1, receivedBytes, complete: false, misplaced: part.offsetBytes > receivedBytes };
    await this.#requireBudget(store, device, part.sizeBytes);
    await staged.keep();
    await store.countReceived(piece, endBytes, blobId, this.#parts.clock());
    if (endBytes < sizeBytes)
      return { version: 1, receivedBytes: endBytes, complete: false, misplaced: false };
    const wholeSha256 = part.offsetBytes === 0 ? staged.sha256 : undefined;
    return { piece, blob: blobId, receivedBytes: endBytes, wholeSha256 };
  }

  /** A device that is broken or stolen fills no disk, whatever it offers in however many episodes. */
  async #requireBudget(store: EvidenceStore, device: DeviceKeyName, sizeBytes: number): Promise<void> {
    const { clock, dailyBytes, log } = this.#parts;
    const since = new Date(clock().getTime() - dayMs);
    if ((await store.countBytesSince(device, since)) + sizeBytes <= dailyBytes) return;
    log.warn('a device has sent its evidence of a day', { device: device.deviceId, dailyBytes });
    throw new Refusal(
      'evidence-budget-spent',
      `A device may send ${dailyBytes} bytes of evidence within 24 hours.`,
    );
  }

  /** All bytes are here: they count only when they are the ones that were offered. */
  async #finish({ piece, blob, receivedBytes, wholeSha256 }: Progress): Promise<PartTaken> {
    const { transactions, blobs, log, clock } = this.#parts;
    const sha256 = wholeSha256 ?? (await hashOfBlob(blobs, blob, piece.sizeBytes));
    if (!piece.sha256.equals(sha256)) {
      log.warn('evidence is not what was offered', {
        incident: piece.incidentId,
        evidence: piece.evidenceId,
      });
      const damaged = unreadable({
        code: 'hash-mismatch',
        message: 'The bytes are not the ones that the device offered.',
      });
      await transactions.transaction(sql => new EvidenceStore(sql).saveReading(piece, damaged, clock()));
      throw new Refusal('evidence-damaged', 'The whole piece does not have the SHA-256 that was offered.');
    }
    await transactions.transaction(sql => new EvidenceStore(sql).finish(piece, randomUUIDv7(), clock()));
    this.#parts.readingQueued();
    this.#parts.incidentChanged(piece.incidentId);
    return { version: 1, receivedBytes, complete: true, misplaced: false };
  }
}

function wanted(piece: Piece | undefined, evidenceId: string): Piece {
  if (!piece || piece.state === 'offered' || piece.state === 'expired')
    throw new Refusal('evidence-not-wanted', `Nobody asked for evidence ${evidenceId} of this episode.`);
  return piece;
}

/** Hashes a blob in slices, so that other requests are served in between. */
async function hashOfBlob(blobs: BlobStore, blobId: string, sizeBytes: number): Promise<Uint8Array> {
  const hash = createHash('sha256');
  for await (const chunk of chunksOf(blobs, blobId, sizeBytes)) hash.update(chunk);
  return hash.digest();
}
