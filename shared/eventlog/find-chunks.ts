import { ByteReader } from '../bytes/byte-reader.ts';
import type { ByteSource } from '../bytes/byte-source.ts';
import { hasSignature } from './chunk.ts';
import { crc32Of } from './crc32.ts';
import type { EventLogProblem, EventLogProblems } from './event-log.ts';
import { chunk, fileHeader, isDirtyFlag } from './layout.ts';

/** What the header of a log says, and where its first chunk begins. */
export type FileHeaderResult =
  | {
      readonly ok: true;
      readonly version: string;
      readonly isDirty: boolean;
      readonly firstChunkAt: number;
    }
  | { readonly ok: false; readonly problem: EventLogProblem };

/** Reads the header of the file. */
export function readFileHeader(source: ByteSource, problems: EventLogProblems): FileHeaderResult {
  const bytes = source.read(0, fileHeader.sizeBytes);
  const structure = 'file-header' as const;
  if (!hasSignature(bytes, fileHeader.signature)) {
    const message = 'the file does not begin with "ElfFile"; an .evtx file is expected';
    return { ok: false, problem: { code: 'not-an-event-log', message, offset: 0, structure } };
  }
  if (bytes.length < fileHeader.sizeBytes) {
    const message = `the file has ${bytes.length} bytes; its header alone has ${fileHeader.sizeBytes}`;
    return { ok: false, problem: { code: 'too-short', message, offset: 0, structure } };
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [major, minor] = [
    view.getUint16(fileHeader.majorVersion, true),
    view.getUint16(fileHeader.minorVersion, true),
  ];
  const version = `${major}.${minor}`;
  if (major !== 3) {
    const message = `version ${version} of the format is not known; 3.1 and 3.2 are`;
    return {
      ok: false,
      problem: { code: 'version-not-covered', message, offset: fileHeader.minorVersion, structure },
    };
  }
  const sum = crc32Of(bytes.subarray(0, fileHeader.checksummedBytes));
  if (sum !== view.getUint32(fileHeader.checksum, true)) {
    problems.add(
      'header-checksum-wrong',
      structure,
      fileHeader.checksum,
      'the file header was changed or torn',
    );
  }
  const blockSize = view.getUint16(fileHeader.headerBlockSize, true);
  const firstChunkAt = blockSize >= fileHeader.sizeBytes ? blockSize : 4096;
  const isDirty = (view.getUint32(fileHeader.flags, true) & isDirtyFlag) !== 0;
  const chunkCount = view.getUint16(fileHeader.chunkCount, true);
  const end = firstChunkAt + chunkCount * chunk.sizeBytes;
  if (source.sizeBytes < end) {
    const message = `the header counts ${chunkCount} chunks up to ${end}; the file has ${source.sizeBytes} bytes`;
    problems.add('cut-off', structure, source.sizeBytes, message);
  }
  return { ok: true, version, isDirty, firstChunkAt };
}

/** Starts of the chunks that hold something, newest first; the log is a ring, so their order in the file does not tell. */
export function findChunks(
  source: ByteSource,
  first: number,
  maxChunks: number,
  problems: EventLogProblems,
): number[] {
  const reader = new ByteReader(source);
  const found: { at: number; lastRecordId: number }[] = [];
  for (let at = first; at < source.sizeBytes; at += chunk.sizeBytes) {
    const signature = reader.u64(at);
    if (signature === 0n) continue;
    const last = Number(reader.u64(at + chunk.lastRecordId) ?? 0n);
    const isChunk = hasSignature(reader.bytes(at, 8) ?? new Uint8Array(), chunk.signature);
    // A chunk that cannot be dated is read first: it may be the newest one, torn by the crash.
    found.push({ at, lastRecordId: isChunk ? last : Infinity });
  }
  found.sort((a, b) => (a.lastRecordId === b.lastRecordId ? b.at - a.at : b.lastRecordId - a.lastRecordId));
  if (found.length > maxChunks) {
    const message = `only the newest ${maxChunks} of ${found.length} chunks are read`;
    problems.add('log-too-long', 'chunk', found[maxChunks]!.at, message);
  }
  return found.slice(0, maxChunks).map(one => one.at);
}
