import { setTimeout as sleep } from 'node:timers/promises';
import type { BlobStore } from '../../blobs/blob-store.ts';
import type { Sql, Transactions } from '../../db/sql.ts';
import type { Log } from '../../logging/log.ts';
import { wholeBlob } from './blob-bytes.ts';
import { EvidenceStore, type Piece } from './evidence-store.ts';
import { type EvidenceReading, largestReadBytes, unreadable } from './evidence-reading.ts';
import { compareFacts } from './fact-comparison.ts';
import { type ClaimedReading, ReadingQueueStore } from './reading-queue-store.ts';
import { ReadingThread } from './reading-thread.ts';

const claimMs = 120_000;
const pollMs = 5000;
const retryAfterMs = 30_000;

interface Parts {
  readonly sql: Sql & Transactions;
  readonly blobs: BlobStore;
  readonly log: Log;
  readonly clock: () => Date;
  readonly incidentChanged: (incidentId: string) => void;
}

/** Reads stored evidence in a thread of its own, one piece after the other, outside every request. */
export class EvidenceReader {
  readonly #parts: Parts;
  readonly #thread: ReadingThread;
  #stopping: AbortController | undefined;
  #wake: AbortController = new AbortController();
  #running: Promise<void> | undefined;

  constructor(parts: Parts, thread = new ReadingThread()) {
    this.#parts = parts;
    this.#thread = thread;
  }

  /** Starts reading what is queued, and what will be. */
  start(): void {
    if (this.#running) return;
    this.#stopping = new AbortController();
    this.#running = this.#run(this.#stopping.signal);
  }

  /** Something was queued: look now. */
  readonly poke = (): void => this.#wake.abort();

  async stop(): Promise<void> {
    this.#stopping?.abort();
    this.poke();
    await this.#running;
    this.#running = undefined;
    await this.#thread.close();
  }

  async #run(stopping: AbortSignal): Promise<void> {
    while (!stopping.aborted) {
      this.#wake = new AbortController();
      const worked = await this.readNext().catch((error: unknown) => {
        this.#parts.log.warn('evidence reading waits', {}, error);
        return false;
      });
      if (!worked && !stopping.aborted)
        await sleep(pollMs, undefined, { signal: this.#wake.signal, ref: false }).catch(() => {});
    }
  }

  /** Reads the piece that is due longest; false when there is none. */
  async readNext(): Promise<boolean> {
    const { sql, clock } = this.#parts;
    const now = clock();
    const claimed = await new ReadingQueueStore(sql).claim(now, new Date(now.getTime() + claimMs));
    if (!claimed) return false;
    const piece = await new EvidenceStore(sql).findPiece(claimed);
    if (!piece?.blob || piece.state !== 'stored') {
      await new ReadingQueueStore(sql).remove(claimed);
      return true;
    }
    try {
      await this.#keep(claimed, piece, await this.#read(piece, piece.blob));
    } catch (error) {
      await this.#retry(claimed, piece, error);
    }
    return true;
  }

  async #read(piece: Piece, blob: string): Promise<EvidenceReading> {
    if (piece.sizeBytes > largestReadBytes)
      return unreadable({
        code: 'too-large-to-read',
        message: `Files of up to ${largestReadBytes} bytes are read; this one can be downloaded.`,
      });
    const bytes = await wholeBlob(this.#parts.blobs, blob, piece.sizeBytes);
    return await this.#thread.read(piece.kind, bytes);
  }

  async #keep(claimed: ClaimedReading, piece: Piece, read: EvidenceReading): Promise<void> {
    const { sql, log, clock, incidentChanged } = this.#parts;
    const disagreements = await sql.transaction(async transaction => {
      const store = new EvidenceStore(transaction);
      const found = read.state === 'parsed' ? compareFacts(read.facts, await store.readFacts(piece)) : [];
      await store.saveReading(piece, read, clock(), found);
      await new ReadingQueueStore(transaction).remove(claimed);
      return found;
    });
    const { incidentId: incident, evidenceId: evidence } = piece;
    if (disagreements.length > 0)
      log.warn('device and server read evidence differently', {
        incident,
        evidence,
        facts: disagreements.map(one => one.fact).join(' '),
      });
    log.info(`evidence ${read.state}`, { incident, evidence, kind: piece.kind });
    incidentChanged(incident);
  }

  /** Something of ours failed, not the file: try again a few times before saying so. */
  async #retry(claimed: ClaimedReading, piece: Piece, error: unknown): Promise<void> {
    const { sql, log, clock } = this.#parts;
    const why = error instanceof Error ? error.message : String(error);
    if (claimed.attemptsLeft > 0) {
      log.warn('evidence will be read again', { evidence: piece.evidenceId }, error);
      const runAfter = new Date(clock().getTime() + retryAfterMs);
      await new ReadingQueueStore(sql).retryLater(claimed, runAfter, why.slice(0, 500));
      return;
    }
    log.error('evidence cannot be read', { evidence: piece.evidenceId }, error);
    const read = unreadable({ code: 'reading-failed', message: 'The server could not read its own copy.' });
    await this.#keep(claimed, piece, read);
  }
}
