import { ByteReader } from '../bytes/byte-reader.ts';
import type { ByteSource } from '../bytes/byte-source.ts';
import { type BaseBlock, cleanHead, isDirty, isNewer, nextSequence, readBaseBlock } from './base-block.ts';
import type { BytePatch } from './byte-patch.ts';
import { type Hive, openHive } from './hive.ts';
import { HiveImage } from './hive-image.ts';
import { type HiveProblem, HiveProblems, type LogName } from './hive-problem.ts';
import { bin, baseBlockBytes, sectorBytes } from './layout.ts';
import { LogFile, type LoggedPage } from './log-file.ts';

/** The logs beside a hive. A log that exists and is empty is given as an empty source; one left out is unknown. */
export type HiveLogs = Readonly<Partial<Record<LogName, ByteSource>>>;

/** What was taken from one log. */
export interface ReplayedLog {
  readonly log: LogName;
  readonly format: 'old' | 'new';
  readonly firstSequence: number;
  readonly lastSequence: number;
  readonly entries: number;
  readonly pages: number;
}

/**
 * How a hive and its logs fit together. `clean`: the hive alone is whole. `recovered`: the hive with its logs is what
 * Windows will see. `incomplete`: logs were replayed, but a log that may hold more was not given, bins are broken, or
 * places of the file cannot be read.
 * `unrecovered`: changes wait in logs, and none of the given ones can be replayed.
 */
export type RecoveryState = 'clean' | 'recovered' | 'incomplete' | 'unrecovered';

/** A hive as Windows will see it, and how it came to be. */
export interface RecoveredHive {
  readonly hive: Hive;
  readonly state: RecoveryState;
  readonly replayed: readonly ReplayedLog[];
  /** From the file to the recovered hive; the logs stay as they are. */
  readonly patches: readonly BytePatch[];
  /** The file itself, before any patch. */
  readonly file: ByteSource;
  /** Newest sequence number in the hive and all its logs. */
  readonly newestSequence: number;
  /** What is wrong with the logs. */
  readonly problems: readonly HiveProblem[];
}

export type RecoveryResult =
  ({ readonly ok: true } & RecoveredHive) | { readonly ok: false; readonly problem: HiveProblem };

const logNames: readonly LogName[] = ['LOG1', 'LOG2', 'LOG'];

/**
 * Opens a hive together with its logs: replays what Windows would replay, in memory, as patches over the file. Follows
 * the rules of Windows 8.1 and later for logs in the new format, of Windows 8 for the old one.
 */
export function recoverHive(file: ByteSource, logs: HiveLogs = {}): RecoveryResult {
  const block = readBaseBlock(new ByteReader(file));
  if ('code' in block) return { ok: false, problem: block };
  const problems = new HiveProblems();
  const open = logNames.flatMap(name => {
    const source = logs[name];
    const log = source && LogFile.open(name, source, problems);
    return log ? [log] : [];
  });
  const newestSequence = [block.primarySequence, ...open.map(log => log.newestSequence())].reduce(
    (newest, one) => (isNewer(one, newest) ? one : newest),
    block.secondarySequence,
  );
  const rest = { file, newestSequence };
  if (!isDirty(block)) {
    const opened = openHive(file);
    return opened.ok
      ? { ok: true, hive: opened.hive, state: 'clean', replayed: [], patches: [], problems: [], ...rest }
      : opened;
  }
  const replay = new Replay(file, block, problems);
  // LOG is of a time before LOG1 and LOG2; where those are used, it is a leftover of the installation.
  const dual = open.filter(log => log.name !== 'LOG');
  const used = dual.length > 0 ? dual : open;
  const newer = used.filter(log => log.format === 'new');
  if (newer.length > 0) replay.replayNew(newer);
  else replay.replayOld(used);

  const image = replay.finish();
  const opened = openHive(image ?? file);
  if (!opened.ok) return opened;
  let state: RecoveryState = image ? 'recovered' : 'unrecovered';
  if (image && newer.length === 1 && isOneOfTwo(newer[0]!, logs)) {
    const other = newer[0]!.name === 'LOG1' ? 'LOG2' : 'LOG1';
    const message = `${other} was not given and may hold changes too; give an empty one when it has no content`;
    problems.add({ code: 'log-missing', message, offset: 0, structure: 'log-base-block', log: other });
    state = 'incomplete';
  }
  if (image && !binsAreWhole(opened.hive)) state = 'incomplete';
  const changes = image?.patches() ?? [];
  if (image?.hasUnreadable) state = 'incomplete';
  const patches = image?.hasUnreadable ? [] : changes;
  const { replayed } = replay;
  // That one of two logs is older is how they take turns; it matters only when nothing else could be replayed.
  const told = image ? problems.list.filter(one => one.code !== 'log-older') : problems.list;
  return { ok: true, hive: opened.hive, state, replayed, patches, problems: told, ...rest };
}

const isOneOfTwo = (log: LogFile, logs: HiveLogs): boolean =>
  log.name !== 'LOG' && logs[log.name === 'LOG1' ? 'LOG2' : 'LOG1'] === undefined;

function binsAreWhole(hive: Hive): boolean {
  let end = baseBlockBytes;
  for (const { offset, sizeBytes } of hive.cells.bins()) end = offset + sizeBytes;
  return end === baseBlockBytes + hive.baseBlock.binsSizeBytes;
}

/** One recovery: pages laid over the file, and what was taken from where. */
class Replay {
  readonly replayed: ReplayedLog[] = [];
  readonly #image: HiveImage;
  readonly #block: BaseBlock;
  readonly #problems: HiveProblems;
  #head: Uint8Array;
  #binsSizeBytes: number;
  #transactionsPending: boolean;

  constructor(file: ByteSource, block: BaseBlock, problems: HiveProblems) {
    this.#image = new HiveImage(file);
    this.#block = block;
    this.#problems = problems;
    this.#head = file.read(0, sectorBytes);
    this.#binsSizeBytes = block.binsSizeBytes;
    this.#transactionsPending = block.transactionsPending;
  }

  /** Logs since Windows 8.1: entries of both, the log with the earlier ones first, without a gap. */
  replayNew(logs: readonly LogFile[]): void {
    const ordered = logs.toSorted((a, b) =>
      isNewer(a.baseBlock.primarySequence, b.baseBlock.primarySequence) ? 1 : -1,
    );
    // A hive whose own head is damaged takes it from a log, and then only from the newest.
    const used = this.#block.checksumHolds ? ordered : ordered.slice(-1);
    let last: number | undefined;
    for (const log of used) {
      const first = log.baseBlock.primarySequence;
      if (this.#block.checksumHolds && isNewer(this.#block.secondarySequence, first)) {
        this.#fail('log-older', `${log.name} is older than the hive`, log);
        continue;
      }
      if (last !== undefined && first !== nextSequence(last)) {
        this.#fail('log-gap', `${log.name} starts at ${first}; ${nextSequence(last)} would be next`, log);
        break;
      }
      const entries = log.entries();
      if (!this.#block.checksumHolds) this.#head = log.reader.bytes(0, sectorBytes)!;
      let pages = 0;
      for (const entry of entries) {
        if (!this.#grow(entry.binsSizeBytes, log)) break;
        this.#transactionsPending = entry.transactionsPending;
        this.#lay(entry.pages, log);
        pages += entry.pages.length;
        last = entry.sequence;
      }
      if (last === undefined) break;
      const counts = { entries: ((last - first) >>> 0) + 1, pages };
      this.replayed.push({
        log: log.name,
        format: 'new',
        firstSequence: first,
        lastSequence: last,
        ...counts,
      });
    }
  }

  /** Logs before Windows 8.1: the newest that is not older than the hive, whole or not at all. */
  replayOld(logs: readonly LogFile[]): void {
    const fitting = logs.filter(log => {
      const fits = log.baseBlock.lastWritten >= this.#lastWritten();
      if (!fits) this.#fail('log-older', `${log.name} was written before the hive`, log);
      return fits;
    });
    const newestFirst = fitting.toSorted((a, b) =>
      a.baseBlock.lastWritten >= b.baseBlock.lastWritten ? -1 : 1,
    );
    for (const log of newestFirst) {
      const pages = log.dirtyPages();
      if (!pages || !this.#grow(log.baseBlock.binsSizeBytes, log)) continue;
      this.#lay(pages, log);
      this.#head = log.reader.bytes(0, sectorBytes)!;
      this.#transactionsPending = log.baseBlock.transactionsPending;
      const { primarySequence: sequence } = log.baseBlock;
      const sequences = { firstSequence: sequence, lastSequence: sequence };
      this.replayed.push({ log: log.name, format: 'old', ...sequences, entries: 1, pages: pages.length });
      return;
    }
  }

  /** The recovered file with a head that says "clean"; undefined when nothing was replayed. */
  finish(): HiveImage | undefined {
    const last = this.replayed.at(-1);
    if (!last) return undefined;
    // As Windows does: the recovered hive counts one more than the last entry.
    const head = cleanHead(this.#head, {
      sequence: nextSequence(last.lastSequence),
      binsSizeBytes: this.#binsSizeBytes,
      transactionsPending: this.#transactionsPending,
    });
    this.#image.write(0, head);
    return this.#image;
  }

  /** Time of the hive's last write; a damaged head leaves only the copy in the first bin. */
  #lastWritten(): bigint {
    if (this.#block.checksumHolds) return this.#block.lastWritten;
    return new ByteReader(this.#image).u64(baseBlockBytes + bin.timestamp) ?? 0n;
  }

  /** Takes over the size of the bins; what is new there stands in the log, so a log cannot make a hive grow beyond it. */
  #grow(binsSizeBytes: number, log: LogFile): boolean {
    if (baseBlockBytes + binsSizeBytes > this.#image.sizeBytes + log.reader.sizeBytes) {
      this.#fail(
        'log-entry-out-of-range',
        `${log.name} tells bins of ${binsSizeBytes} bytes it does not hold`,
        log,
      );
      return false;
    }
    this.#binsSizeBytes = binsSizeBytes;
    return true;
  }

  #lay(pages: readonly LoggedPage[], log: LogFile): void {
    for (const { binsOffset, sizeBytes, offset } of pages) {
      const bytes = log.reader.bytes(offset, sizeBytes);
      if (bytes) this.#image.write(baseBlockBytes + binsOffset, bytes);
    }
  }

  #fail(code: 'log-older' | 'log-gap' | 'log-entry-out-of-range', message: string, log: LogFile): void {
    this.#problems.add({ code, message, offset: 0, structure: 'log-base-block', log: log.name });
  }
}
