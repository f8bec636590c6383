import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { BlobDamaged } from './blob-errors.ts';
import type { BlobReader, BlobStore, PiecePlace, StagedPiece } from './blob-store.ts';
import { PieceFile } from './piece-file.ts';
import { sealStream, type StreamFacts } from './seal-stream.ts';

/**
 * Blobs as files below one folder: `staging/<random>` while they arrive, then `<ab>/<rest of the id's hash>/<offset>`,
 * one file for each piece. Everything is sealed from its first byte on disk.
 */
export class FileBlobStore implements BlobStore {
  readonly #dir: string;
  readonly #staging: string;
  readonly #key: Uint8Array;

  constructor(dir: string, masterKey: Uint8Array) {
    this.#dir = path.resolve(dir);
    this.#staging = path.join(this.#dir, 'staging');
    this.#key = masterKey;
    mkdirSync(this.#staging, { recursive: true, mode: 0o700 });
  }

  /** Forgets what an earlier run was receiving when it died; only before anything is received. */
  clearStaging(): void {
    for (const name of readdirSync(this.#staging)) rmSync(path.join(this.#staging, name), { force: true });
  }

  async stage(place: PiecePlace, bytes: Readable, limitBytes: number): Promise<StagedPiece> {
    const file = path.join(this.#staging, randomBytes(16).toString('hex'));
    try {
      const facts = await this.#write(file, sealStream(bytes, this.#key, place, limitBytes));
      return new StagedFile(file, this.#pieceFile(place), facts);
    } catch (error) {
      await rm(file, { force: true });
      throw error;
    }
  }

  async #write(file: string, sealed: AsyncGenerator<Buffer, StreamFacts>): Promise<StreamFacts> {
    const handle = await open(file, 'wx', 0o600);
    try {
      for (;;) {
        const { value, done } = await sealed.next();
        if (done === true) {
          await handle.sync();
          return value;
        }
        await handle.writeFile(value);
      }
    } finally {
      await sealed.return(undefined as never);
      await handle.close();
    }
  }

  open(blobId: string, sizeBytes: number): BlobReader {
    const pieces: PieceFile[] = [];
    try {
      for (let offsetBytes = 0; offsetBytes < sizeBytes || pieces.length === 0;) {
        const piece = this.#openPiece({ blobId, offsetBytes });
        pieces.push(piece);
        offsetBytes += piece.sizeBytes;
        if (piece.sizeBytes === 0 && sizeBytes > 0)
          throw new BlobDamaged(`Blob ${blobId} has an empty piece.`);
      }
    } catch (error) {
      for (const piece of pieces) piece.close();
      throw error;
    }
    return new Reader(pieces, sizeBytes);
  }

  #openPiece(place: PiecePlace): PieceFile {
    try {
      return new PieceFile(this.#pieceFile(place), this.#key, place);
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause;
      throw new BlobDamaged(`Blob ${place.blobId} has no piece at ${place.offsetBytes}.`, { cause });
    }
  }

  async delete(blobId: string): Promise<void> {
    await rm(this.#folder(blobId), { recursive: true, force: true });
  }

  /** How many pieces are arriving or wait to be kept. */
  get stagedFiles(): number {
    return readdirSync(this.#staging).length;
  }

  #folder(blobId: string): string {
    const name = createHash('sha256').update(blobId).digest('hex');
    return path.join(this.#dir, name.slice(0, 2), name.slice(2));
  }

  #pieceFile({ blobId, offsetBytes }: PiecePlace): string {
    return path.join(this.#folder(blobId), String(offsetBytes).padStart(15, '0'));
  }
}

class StagedFile implements StagedPiece {
  readonly sizeBytes: number;
  readonly sha256: Uint8Array;
  readonly #from: string;
  readonly #to: string;
  #kept = false;

  constructor(from: string, to: string, { sizeBytes, sha256 }: StreamFacts) {
    this.#from = from;
    this.#to = to;
    this.sizeBytes = sizeBytes;
    this.sha256 = sha256;
  }

  async keep(): Promise<void> {
    this.#kept = true;
    const folder = path.dirname(this.#to);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await rename(this.#from, this.#to);
    for (const one of [folder, path.dirname(folder), path.dirname(path.dirname(folder))])
      await syncFolder(one);
  }

  async discard(): Promise<void> {
    if (!this.#kept) await rm(this.#from, { force: true });
  }
}

/** A rename is on disk when its folder is; Windows has no such call and needs none. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

class Reader implements BlobReader {
  readonly sizeBytes: number;
  readonly #pieces: readonly PieceFile[];

  constructor(pieces: readonly PieceFile[], sizeBytes: number) {
    this.#pieces = pieces;
    this.sizeBytes = sizeBytes;
  }

  read(offset: number, lengthBytes: number): Uint8Array {
    const start = Math.min(Math.max(offset, 0), this.sizeBytes);
    const end = Math.min(start + Math.max(lengthBytes, 0), this.sizeBytes);
    const bytes = Buffer.alloc(end - start);
    for (const piece of this.#pieces) {
      const from = Math.max(start, piece.offsetBytes);
      const until = Math.min(end, piece.offsetBytes + piece.sizeBytes);
      if (from < until) piece.copy(from - piece.offsetBytes, bytes.subarray(from - start, until - start));
    }
    return bytes;
  }

  close(): void {
    for (const piece of this.#pieces) piece.close();
  }
}
