import type { CrashDump } from '../../../shared/crashdump/crash-dump.ts';
import { makeExtract } from '../../../shared/crashdump/extract.ts';
import { readCrashDump } from '../../../shared/crashdump/read-crash-dump.ts';
import { matchesGlob } from '../../../shared/facts/glob.ts';
import type { DirectoryEntry } from '../../../shared/facts/volume-view.ts';
import type { Host } from '../../host/host.ts';
import type { FoundWindows } from '../found-windows.ts';
import { joinPath } from '../windows-path.ts';
import type { Collected, EvidencePiece, FactRecord } from './collected.ts';
import { isOfLastFailure } from './freshness.ts';
import { hostSource } from './host-source.ts';

const maxDumpsOfOneKind = 3;

/** The crash that evidence tells of: with facts when it belongs to the last failed start, else only to be shown. */
export interface CollectedCrash extends Collected {
  /** The dump the facts come from. */
  readonly dump?: CrashDump;
}

interface DumpFile {
  readonly path: string;
  readonly sizeBytes: number;
  /** Windows empties the page file at the next start, so a dump in it is of the last crash. */
  readonly isPageFile: boolean;
}

/**
 * Reads the newest crash. Windows writes it into the page file; SMSS makes DUMP*.tmp of that at the next start, and
 * only a logon makes MEMORY.DMP or a minidump of it: a machine in a loop has it in the first two.
 */
export function collectCrash(
  host: Host,
  windows: FoundWindows,
  lastFailedAtMs: number | undefined,
): CollectedCrash {
  let older: EvidencePiece | undefined;
  for (const file of listDumpFiles(windows)) {
    const source = hostSource(host.files, file.path, file.sizeBytes);
    const read = readCrashDump(source);
    if (!read.ok) continue;
    const capturedAtMs = read.dump.capturedAt === null ? undefined : Date.parse(read.dump.capturedAt);
    const isFresh =
      (file.isPageFile && lastFailedAtMs === undefined) ||
      (capturedAtMs !== undefined && isOfLastFailure(capturedAtMs, lastFailedAtMs));
    const extract = makeExtract(source);
    const piece: EvidencePiece | undefined = extract.ok
      ? { kind: 'crash-extract', name: 'crash-extract.dmp', bytes: extract.bytes }
      : undefined;
    if (isFresh) return { facts: factsOfCrash(read.dump), evidence: piece ? [piece] : [], dump: read.dump };
    older ??= piece;
  }
  return { facts: {}, evidence: older ? [older] : [] };
}

function listDumpFiles(windows: FoundWindows): DumpFile[] {
  const { root, windowsDirectory } = windows;
  const single = (path: string, isPageFile: boolean): DumpFile[] => {
    const entry = windows.find(path);
    return entry?.kind === 'file' ? [{ path, sizeBytes: entry.sizeBytes, isPageFile }] : [];
  };
  const newest = (directory: string, pattern: string): DumpFile[] =>
    (windows.list(directory) ?? [])
      .filter(entry => entry.kind === 'file' && matchesGlob(pattern, entry.name))
      .sort((a: DirectoryEntry, b: DirectoryEntry) => b.writtenAtMs - a.writtenAtMs)
      .slice(0, maxDumpsOfOneKind)
      .map(({ name, sizeBytes }) => ({ path: joinPath(directory, name), sizeBytes, isPageFile: false }));
  return [
    ...single(joinPath(root, 'pagefile.sys'), true),
    ...newest(root, 'DUMP*.tmp'),
    ...newest(windowsDirectory, 'DUMP*.tmp'),
    ...single(joinPath(windowsDirectory, 'MEMORY.DMP'), false),
    ...newest(joinPath(windowsDirectory, 'Minidump'), '*.dmp'),
  ];
}

/** The facts a crash dump states. */
export function factsOfCrash(dump: CrashDump): FactRecord {
  const facts: FactRecord = { 'crash.code': dump.bugcheck.code, 'crash.signature': dump.signature };
  for (const [index, value] of dump.bugcheck.parameters.entries())
    facts[`crash.parameter.${index + 1}`] = value;
  const { module } = dump.culprit;
  if (module !== null) facts['crash.module'] = module.toLowerCase();
  if (dump.fault?.module === module && typeof dump.fault?.offset === 'string')
    facts['crash.offset'] = dump.fault.offset;
  if (dump.process !== null) facts['crash.process'] = dump.process;
  if (dump.capturedAt !== null) facts['crash.capturedAt'] = dump.capturedAt;
  return facts;
}
