import type { ByteSource } from '../bytes/byte-source.ts';
import { crc32Of } from './crc32.ts';
import { type EventLogProblem, EventLogProblems } from './event-log.ts';
import { findChunks, readFileHeader } from './find-chunks.ts';
import { chunk, fileHeader } from './layout.ts';

export type EventLogExtractResult =
  | { readonly ok: true; readonly bytes: Uint8Array; readonly isWhole: boolean }
  | { readonly ok: false; readonly problem: EventLogProblem };

/**
 * The newest chunks of an event log as a log of its own, oldest first, that any reader of .evtx opens: the chunks are
 * copied as they are, only the header of the file counts them anew. Damaged chunks are copied too.
 */
export function makeEventLogExtract(source: ByteSource, maxChunks: number): EventLogExtractResult {
  const problems = new EventLogProblems();
  const header = readFileHeader(source, problems);
  if (!header.ok) return header;
  const { firstChunkAt } = header;
  const starts = findChunks(source, firstChunkAt, maxChunks, problems);
  const bytes = new Uint8Array(firstChunkAt + starts.length * chunk.sizeBytes);
  bytes.set(source.read(0, firstChunkAt));
  starts.toReversed().forEach((start, index) => {
    bytes.set(source.read(start, chunk.sizeBytes), firstChunkAt + index * chunk.sizeBytes);
  });
  const view = new DataView(bytes.buffer);
  view.setBigUint64(fileHeader.firstChunk, 0n, true);
  view.setBigUint64(fileHeader.lastChunk, BigInt(Math.max(starts.length - 1, 0)), true);
  view.setUint16(fileHeader.chunkCount, starts.length, true);
  view.setUint32(fileHeader.checksum, crc32Of(bytes.subarray(0, fileHeader.checksummedBytes)), true);
  return { ok: true, bytes, isWhole: !problems.list.some(({ code }) => code === 'log-too-long') };
}
