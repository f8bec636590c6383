import type { Readable } from 'node:stream';
import type { ByteSource } from '../../shared/bytes/byte-source.ts';

/** Bytes that arrived and are on disk, sealed, but belong to no blob yet. */
export interface StagedPiece {
  readonly sizeBytes: number;
  readonly sha256: Uint8Array;
  /** Makes them the piece of their blob at their offset, durably; an earlier piece there is replaced. */
  keep(): Promise<void>;
  /** Forgets them; does nothing after `keep`. */
  discard(): Promise<void>;
}

/** An open blob: random access to its plain bytes. Throws `BlobDamaged` where what is stored is not what was kept. */
export interface BlobReader extends ByteSource {
  close(): void;
}

/** Where a piece belongs: a blob grows by pieces, each starting where the ones before end. */
export interface PiecePlace {
  readonly blobId: string;
  readonly offsetBytes: number;
}

/** Large things that the database does not hold. A blob id is any text; what it names is sealed under that id. */
export interface BlobStore {
  /** Writes a stream to disk, sealed, hashing it on the way; leaves nothing when the stream fails or is too long. */
  stage(place: PiecePlace, bytes: Readable, limitBytes: number): Promise<StagedPiece>;
  /** Opens the first `sizeBytes` of a blob. */
  open(blobId: string, sizeBytes: number): BlobReader;
  /** Deletes a blob for good; deleting one that is not there is fine. */
  delete(blobId: string): Promise<void>;
}
