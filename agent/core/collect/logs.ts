import type { BootLog } from '../../../shared/bootlog/boot-log.ts';
import { makeEventLogExtract } from '../../../shared/eventlog/make-event-log-extract.ts';
import { readEvidence } from '../../../shared/evidence/read-evidence.ts';
import type { Facts } from '../../../shared/facts/facts.ts';
import type { EvidenceKind } from '../../../shared/wire/evidence.ts';
import type { Host } from '../../host/host.ts';
import type { FoundWindows } from '../found-windows.ts';
import { joinPath } from '../windows-path.ts';
import type { EvidencePiece } from './collected.ts';
import { isOfLastFailure } from './freshness.ts';
import { hostSource } from './host-source.ts';
import { type PartWanted, readPart } from './read-part.ts';

/** A log that the agent may read; there are no others. */
interface LogFile extends PartWanted {
  readonly kind: EvidenceKind;
  /** Below the Windows directory. */
  readonly path: readonly string[];
  /** It tells of one start: when it is older than the last failed one, it is shown and gives no facts. */
  readonly isOfOneStart?: true;
}

const kilobytes = 1024;

/** Everything of text, and bootstat.dat, in the order in which their facts matter. */
const logFiles: readonly LogFile[] = [
  {
    kind: 'startup-repair-log',
    path: ['System32', 'LogFiles', 'Srt', 'SrtTrail.txt'],
    from: 'tail',
    mostBytes: 512 * kilobytes,
    isOfOneStart: true,
  },
  { kind: 'boot-status', path: ['bootstat.dat'], from: 'head', mostBytes: 128 * kilobytes },
  { kind: 'pending-transaction', path: ['WinSxS', 'pending.xml'], from: 'head', mostBytes: 64 * kilobytes },
  { kind: 'servicing-log', path: ['Logs', 'CBS', 'CBS.log'], from: 'tail', mostBytes: 256 * kilobytes },
  { kind: 'device-install-log', path: ['INF', 'setupapi.dev.log'], from: 'tail', mostBytes: 256 * kilobytes },
  { kind: 'pending-renames-log', path: ['PFRO.log'], from: 'tail', mostBytes: 64 * kilobytes },
  { kind: 'servicing-log', path: ['Logs', 'DISM', 'dism.log'], from: 'tail', mostBytes: 128 * kilobytes },
];

/** A boot log grows with every start; the newest start stands at the end. */
const bootLogPart: PartWanted = { from: 'tail', mostBytes: 1024 * kilobytes };
const eventLogPath = ['System32', 'winevt', 'Logs', 'System.evtx'];
/** 64 KiB each: the newest thousand events or so. */
const mostEventChunks = 8;
/** Windows keeps 20 MB; the heads of all chunks of a larger one cost too much time. */
const largestEventLogBytes = 128 * 1024 * kilobytes;

/** What one log tells. */
export interface CollectedLog {
  readonly facts: Facts;
  readonly piece: EvidencePiece;
}

/** The boot log, also when it is older than the last failed start: paths of drivers do not age. */
export type CollectedBootLog = CollectedLog & { readonly log?: BootLog };

/** Reads `ntbtlog.txt`, written when boot logging is on. */
export function collectBootLog(
  host: Host,
  windows: FoundWindows,
  lastFailedAtMs: number | undefined,
): CollectedBootLog | undefined {
  const file = readPart(host, joinPath(windows.windowsDirectory, 'ntbtlog.txt'), bootLogPart);
  if (!file) return undefined;
  const piece = pieceOf('boot-log', 'ntbtlog.txt', file.bytes, file.isWhole ? undefined : 'tail');
  const read = readEvidence('boot-log', file.bytes);
  if (!read.ok) return { facts: {}, piece };
  const isFresh = isOfLastFailure(file.writtenAtMs, lastFailedAtMs);
  return { facts: isFresh ? read.facts : {}, piece, log: read.reading };
}

/** Reads the other logs, most telling first. Of two that state one fact the first counts. */
export function collectLogs(
  host: Host,
  windows: FoundWindows,
  lastFailedAtMs: number | undefined,
): readonly CollectedLog[] {
  const logs = logFiles.flatMap(({ kind, path, isOfOneStart, ...wanted }) => {
    const file = readPart(host, joinPath(windows.windowsDirectory, ...path), wanted);
    if (!file) return [];
    const { bytes, isWhole, writtenAtMs } = file;
    const counts = !isOfOneStart || isOfLastFailure(writtenAtMs, lastFailedAtMs);
    const piece = pieceOf(kind, path.at(-1) ?? kind, bytes, isWhole ? undefined : wanted.from);
    return [{ facts: counts ? factsOf(piece) : {}, piece }];
  });
  const events = collectEvents(host, windows);
  return events ? [...logs, events] : logs;
}

function collectEvents(host: Host, windows: FoundWindows): CollectedLog | undefined {
  const path = joinPath(windows.windowsDirectory, ...eventLogPath);
  const entry = host.files.find(path);
  if (entry?.kind !== 'file' || entry.sizeBytes > largestEventLogBytes) return undefined;
  const made = makeEventLogExtract(hostSource(host.files, path, entry.sizeBytes), mostEventChunks);
  if (!made.ok) return undefined;
  const piece = pieceOf('event-log', entry.name, made.bytes, made.isWhole ? undefined : 'tail');
  return { facts: factsOf(piece), piece };
}

function factsOf({ kind, bytes }: EvidencePiece): Facts {
  const read = readEvidence(kind, bytes);
  return read.ok ? read.facts : {};
}

const partWords = { tail: 'newest part', head: 'beginning' } as const;

/** Under the name of its file, which says so when it is not the whole file: `CBS (newest part).log`. */
function pieceOf(
  kind: EvidenceKind,
  name: string,
  bytes: Uint8Array,
  part: PartWanted['from'] | undefined,
): EvidencePiece {
  const dot = name.lastIndexOf('.');
  const told = part === undefined ? name : `${name.slice(0, dot)} (${partWords[part]})${name.slice(dot)}`;
  return { kind, name: told, bytes };
}
