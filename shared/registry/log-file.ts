import { ByteReader } from '../bytes/byte-reader.ts';
import type { ByteSource, FileOffset } from '../bytes/byte-source.ts';
import { type BaseBlock, isNewer, nextSequence, readBaseBlock } from './base-block.ts';
import type { HiveProblemCode, HiveProblems, HiveStructure, LogName } from './hive-problem.ts';
import {
  binAlignment,
  dirtSignature,
  fileTypes,
  logEntry as field,
  logEntrySignature,
  logSeed,
  sectorBytes,
  transactionsPending,
} from './layout.ts';
import { marvin32 } from './marvin32.ts';

/** Bytes of a log that belong at a place among the hive's bins. */
export interface LoggedPage {
  /** From the first bin. */
  readonly binsOffset: number;
  readonly sizeBytes: number;
  /** Where the bytes stand in the log. */
  readonly offset: FileOffset;
}

/** One entry of a log in the new format. */
export interface LogEntry {
  readonly sequence: number;
  readonly binsSizeBytes: number;
  readonly transactionsPending: boolean;
  readonly pages: readonly LoggedPage[];
}

/** A log whose base block holds. `new` since Windows 8.1, `old` before. */
export class LogFile {
  readonly name: LogName;
  readonly format: 'old' | 'new';
  readonly baseBlock: BaseBlock;
  readonly reader: ByteReader;
  readonly #problems: HiveProblems;

  private constructor(
    name: LogName,
    format: 'old' | 'new',
    baseBlock: BaseBlock,
    reader: ByteReader,
    problems: HiveProblems,
  ) {
    this.name = name;
    this.format = format;
    this.baseBlock = baseBlock;
    this.reader = reader;
    this.#problems = problems;
  }

  /** Opens a log; undefined when it is empty or, with a problem, when it is not valid. */
  static open(name: LogName, source: ByteSource, problems: HiveProblems): LogFile | undefined {
    if (source.sizeBytes === 0) return undefined;
    const reader = new ByteReader(source);
    const block = readBaseBlock(reader);
    const fail = (message: string): undefined => {
      problems.add({ code: 'log-not-valid', message, offset: 0, structure: 'log-base-block', log: name });
    };
    if ('code' in block) return fail('the log does not start with the base block of a log');
    if (!block.checksumHolds) return fail('the checksum of the log is wrong');
    if (block.primarySequence !== block.secondarySequence) {
      return fail('the sequence numbers of the log differ: it was cut short while it was written');
    }
    const { fileType } = block;
    if (fileType !== fileTypes.newLog && fileType !== fileTypes.oldLog && fileType !== fileTypes.oldestLog) {
      return fail(`file type ${fileType} is not that of a log`);
    }
    return new LogFile(name, fileType === fileTypes.newLog ? 'new' : 'old', block, reader, problems);
  }

  /** Pages of a log in the old format; undefined, with a problem, when not all of them are there. */
  dirtyPages(): readonly LoggedPage[] | undefined {
    const { binsSizeBytes } = this.baseBlock;
    const bitmapBytes = Math.ceil(binsSizeBytes / sectorBytes / 8);
    const vector = this.reader.bytes(sectorBytes, 4 + bitmapBytes);
    if (!vector || this.reader.u32(sectorBytes) !== dirtSignature || binsSizeBytes % binAlignment !== 0) {
      const message =
        'no whole dirty vector ("DIRT" and a bit for each sector of the bins) stands in the log';
      return this.#fail('dirty-vector-broken', message, sectorBytes, 'dirty-vector');
    }
    const pages: LoggedPage[] = [];
    let offset = Math.ceil((sectorBytes + 4 + bitmapBytes) / sectorBytes) * sectorBytes;
    for (let sector = 0; sector * sectorBytes < binsSizeBytes; sector++) {
      if ((vector[4 + (sector >> 3)]! & (1 << (sector & 7))) === 0) continue;
      if (!this.reader.holds(offset, sectorBytes)) {
        const message = 'the log ends before the last of its dirty pages';
        return this.#fail('dirty-pages-cut-off', message, offset, 'dirty-vector');
      }
      pages.push({ binsOffset: sector * sectorBytes, sizeBytes: sectorBytes, offset });
      offset += sectorBytes;
    }
    return pages;
  }

  /** Entries of a log in the new format, in sequence up to the first that does not hold. */
  entries(): readonly LogEntry[] {
    const entries: LogEntry[] = [];
    let sequence = this.baseBlock.primarySequence;
    for (let offset = sectorBytes; this.reader.u32(offset) === logEntrySignature;) {
      // Behind the newest entry stand remains of older ones: their sequence number is not the next.
      if (this.reader.u32(offset + field.sequence) !== sequence) break;
      const entry = this.#entryAt(offset);
      if (!entry) break;
      entries.push(entry);
      sequence = nextSequence(sequence);
      offset += this.reader.u32(offset + field.size)!;
    }
    return entries;
  }

  /** The newest sequence number that any entry in the file has, also one that is left from an older use. */
  newestSequence(): number {
    let newest = this.baseBlock.primarySequence;
    if (this.format === 'old') return newest;
    for (let offset = sectorBytes; offset < this.reader.sizeBytes; offset += sectorBytes) {
      if (this.reader.u32(offset) !== logEntrySignature || !this.#headHolds(offset)) continue;
      const sequence = this.reader.u32(offset + field.sequence)!;
      if (isNewer(sequence, newest)) newest = sequence;
    }
    return newest;
  }

  #headHolds(offset: FileOffset): boolean {
    const head = this.reader.bytes(offset, field.headHash);
    return head !== undefined && this.#hashHolds(offset + field.headHash, head);
  }

  #hashHolds(at: FileOffset, bytes: Uint8Array): boolean {
    const { low, high } = marvin32(bytes, logSeed);
    return this.reader.u32(at) === low && this.reader.u32(at + 4) === high;
  }

  #entryAt(offset: FileOffset): LogEntry | undefined {
    const u32 = (at: number): number => this.reader.u32(offset + at) ?? 0;
    const size = u32(field.size);
    const pageCount = u32(field.pageCount);
    const body = this.reader.bytes(offset + field.pages, size - field.pages);
    const referencesBytes = pageCount * field.pageReferenceBytes;
    if (size % sectorBytes !== 0 || !body || referencesBytes > body.length) {
      return this.#fail('log-entry-broken', `an entry of ${size} bytes is not whole`, offset, 'log-entry');
    }
    if (!this.#headHolds(offset) || !this.#hashHolds(offset + field.pagesHash, body)) {
      const message = 'the Marvin32 checksum of the entry is wrong; it and what follows is not replayed';
      return this.#fail('log-entry-hash-wrong', message, offset, 'log-entry');
    }
    const binsSizeBytes = u32(field.binsSize);
    const pages: LoggedPage[] = [];
    let at = offset + field.pages + referencesBytes;
    for (let index = 0; index < pageCount; index++) {
      const reference = field.pages + index * field.pageReferenceBytes;
      const [binsOffset, sizeBytes] = [u32(reference), u32(reference + 4)];
      const fits = binsOffset + sizeBytes <= binsSizeBytes && at + sizeBytes <= offset + size;
      if (sizeBytes === 0 || (binsOffset | sizeBytes) % sectorBytes !== 0 || !fits) {
        const message = `a page of ${sizeBytes} bytes for ${binsOffset} fits neither entry nor bins`;
        return this.#fail('log-entry-out-of-range', message, offset + reference, 'log-entry');
      }
      pages.push({ binsOffset, sizeBytes, offset: at });
      at += sizeBytes;
    }
    if (binsSizeBytes % binAlignment !== 0) {
      const message = `bins of ${binsSizeBytes} bytes are no multiple of ${binAlignment}`;
      return this.#fail('log-entry-out-of-range', message, offset + field.binsSize, 'log-entry');
    }
    const pending = (u32(field.flags) & transactionsPending) !== 0;
    return { sequence: u32(field.sequence), binsSizeBytes, transactionsPending: pending, pages };
  }

  #fail(code: HiveProblemCode, message: string, offset: FileOffset, structure: HiveStructure): undefined {
    this.#problems.add({ code, message, offset, structure, log: this.name });
  }
}
