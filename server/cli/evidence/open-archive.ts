import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { type Entry, type ZipFile, getFileNameLowLevel, openPromise, validateFileName } from 'yauzl';
import { memorySource } from '../../../shared/bytes/byte-source.ts';
import { printable } from '../../../shared/bytes/printable.ts';
import type { LogName } from '../../../shared/registry/hive-problem.ts';
import type { HiveLogs } from '../../../shared/registry/recover-hive.ts';
import {
  type EvidenceFile,
  type EvidenceProblem,
  type EvidenceResult,
  type Found,
  headBytes,
} from './evidence-file.ts';
import { findLogName } from './hive-logs.ts';

export interface ArchiveLimits {
  readonly maxEntries: number;
  readonly maxEntryBytes: number;
  /** What all entries together may come to. */
  readonly maxTotalBytes: number;
  /** Entries above `freeBytes` may not be more times larger than what is stored of them. */
  readonly maxRatio: number;
  readonly freeBytes: number;
}

const mebibyte = 1024 * 1024;
const ordinaryLimits: ArchiveLimits = {
  maxEntries: 10_000,
  maxEntryBytes: 512 * mebibyte,
  maxTotalBytes: 4096 * mebibyte,
  maxRatio: 200,
  freeBytes: 32 * mebibyte,
};

/**
 * Opens a ZIP of evidence for the time of `use`, which gets its files. Nothing is unpacked to disk: one entry at a time
 * is held in memory, and only as much as the limits allow, whatever the headers say.
 */
export async function withArchive(
  path: string,
  use: (found: Found) => Promise<void>,
  limits: ArchiveLimits = ordinaryLimits,
): Promise<void> {
  const refuse = (error: unknown) => use({ path, problem: brokenArchive(path, error) });
  let zip: ZipFile;
  try {
    zip = await openPromise(path, { lazyEntries: true, autoClose: false, decodeStrings: false });
  } catch (error) {
    return refuse(error);
  }
  try {
    const { entries, problem } = await listEntries(zip, limits);
    const archive = new Archive(path, zip, entries, limits);
    for (const found of archive.list()) await use(found);
    if (problem) await use({ path, problem });
  } finally {
    zip.close();
  }
}

interface NamedEntry {
  readonly name: string;
  readonly entry: Entry;
}

/** Entries as far as their list can be read; the rest is a problem. */
async function listEntries(
  zip: ZipFile,
  { maxEntries }: ArchiveLimits,
): Promise<{ entries: NamedEntry[]; problem: EvidenceProblem | undefined }> {
  const entries: NamedEntry[] = [];
  try {
    for await (const entry of zip.eachEntry()) {
      if (entries.length >= maxEntries) {
        const message = `the archive has ${zip.entryCount} entries; only ${maxEntries} were looked at`;
        return { entries, problem: { code: 'too-many-entries', message } };
      }
      const { generalPurposeBitFlag, fileNameRaw, extraFields } = entry;
      entries.push({
        name: getFileNameLowLevel(generalPurposeBitFlag, fileNameRaw, extraFields, false),
        entry,
      });
    }
    return { entries, problem: undefined };
  } catch (error) {
    return { entries, problem: brokenArchive('the archive', error) };
  }
}

class Archive {
  readonly #path: string;
  readonly #zip: ZipFile;
  readonly #entries: readonly NamedEntry[];
  readonly #limits: ArchiveLimits;
  #readBytes = 0;

  constructor(path: string, zip: ZipFile, entries: readonly NamedEntry[], limits: ArchiveLimits) {
    this.#path = path;
    this.#zip = zip;
    this.#entries = entries;
    this.#limits = limits;
  }

  *list(): Generator<Found> {
    for (const one of this.#entries) {
      if (one.name.endsWith('/')) continue;
      const problem = this.#check(one);
      const path = `${this.#path}/${printable(one.name)}`;
      yield problem ? { path, problem } : { file: this.#fileOf(path, one) };
    }
  }

  #check({ name, entry }: NamedEntry): EvidenceProblem | undefined {
    const { maxEntryBytes, maxRatio, freeBytes } = this.#limits;
    const { uncompressedSize, compressedSize } = entry;
    if (validateFileName(name) !== null || name.includes('\0')) {
      const message = 'the name of this entry leads out of the archive; names are plain relative paths';
      return { code: 'entry-name-refused', message };
    }
    if (entry.isEncrypted()) {
      const message = 'this entry is protected by a password; unpack it yourself and name the file';
      return { code: 'entry-encrypted', message };
    }
    if (!entry.canDecodeFileData()) {
      const message = `this entry is packed by method ${entry.compressionMethod}; stored (0) and deflated (8) entries are read`;
      return { code: 'entry-method-unknown', message };
    }
    if (uncompressedSize > maxEntryBytes) {
      const message = `this entry is ${uncompressedSize} bytes long; at most ${maxEntryBytes} are read out of an archive. Unpack it yourself and name the file.`;
      return { code: 'entry-too-large', message };
    }
    if (uncompressedSize > freeBytes && uncompressedSize > compressedSize * maxRatio) {
      const message = `this entry would grow ${Math.floor(uncompressedSize / Math.max(1, compressedSize))} times, as only archives made to do harm do (at most ${maxRatio})`;
      return { code: 'entry-ratio-refused', message };
    }
    return undefined;
  }

  #fileOf(path: string, one: NamedEntry): EvidenceFile {
    return {
      path,
      isNamed: false,
      sizeBytes: one.entry.uncompressedSize,
      writtenAtMs: null,
      readHead: () => this.#read(one.entry, headBytes),
      open: async use => {
        const read = await this.#read(one.entry);
        if (!read.ok) return read;
        const head = String.fromCharCode(...read.value.subarray(0, 4));
        const logs = head === 'regf' ? await this.#readLogs(one.name) : {};
        const value = use({ source: memorySource(read.value), withLogs: useLogs => useLogs(logs) });
        return { ok: true, value };
      },
    };
  }

  /** The logs beside a hive; one that cannot be read is left out, as if it were not there. */
  async #readLogs(hiveName: string): Promise<HiveLogs> {
    const logs: Partial<Record<LogName, ReturnType<typeof memorySource>>> = {};
    for (const one of this.#entries) {
      const name = findLogName(hiveName, one.name);
      if (!name || this.#check(one)) continue;
      const read = await this.#read(one.entry);
      if (read.ok) logs[name] = memorySource(read.value);
    }
    return logs;
  }

  /** An entry, or its first bytes. Its size is checked while it is unpacked. */
  async #read(entry: Entry, most = Infinity): Promise<EvidenceResult<Uint8Array>> {
    const { maxTotalBytes } = this.#limits;
    let stream: Readable | undefined;
    try {
      stream = await this.#zip.openReadStreamPromise(entry);
      const pieces: Uint8Array[] = [];
      let length = 0;
      for await (const piece of stream as AsyncIterable<Buffer>) {
        pieces.push(piece);
        length += piece.length;
        this.#readBytes += piece.length;
        if (this.#readBytes > maxTotalBytes) {
          const message = `the entries of the archive come to more than ${maxTotalBytes} bytes; the rest was not read`;
          return { ok: false, problem: { code: 'archive-too-large', message } };
        }
        if (length >= most) break;
      }
      return { ok: true, value: joinPieces(pieces, Math.min(most, length)) };
    } catch (error) {
      return { ok: false, problem: brokenArchive('this entry', error, 'entry-broken') };
    } finally {
      if (stream && !stream.destroyed) {
        stream.destroy();
        await once(stream, 'close').catch(() => undefined);
      }
    }
  }
}

function brokenArchive(what: string, error: unknown, code = 'archive-broken'): EvidenceProblem {
  const reason = error instanceof Error ? error.message : String(error);
  return { code, message: `${what} cannot be read as ZIP: ${printable(reason)}` };
}

/** Plain bytes and no Buffer, whose `slice` shares memory. */
function joinPieces(pieces: readonly Uint8Array[], lengthBytes: number): Uint8Array {
  const bytes = new Uint8Array(lengthBytes);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece.subarray(0, lengthBytes - at), at);
    at += Math.min(piece.length, lengthBytes - at);
  }
  return bytes;
}
