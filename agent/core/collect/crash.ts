import type { CrashDump } from '../../../shared/crashdump/crash-dump.ts';
import { makeExtract } from '../../../shared/crashdump/extract.ts';
import { readCrashDump } from '../../../shared/crashdump/read-crash-dump.ts';
import { factsOfCrashDump } from '../../../shared/facts/facts-of-crash-dump.ts';
import type { Host } from '../../host/host.ts';
import type { Collected, EvidencePiece } from './collected.ts';
import type { DumpFile } from './dump-files.ts';
import { isOfLastFailure } from './freshness.ts';
import { hostSource } from './host-source.ts';

/** The crash that evidence tells of: with facts when it belongs to the last failed start, else only to be shown. */
export interface CollectedCrash extends Collected {
  /** The dump the facts come from. */
  readonly dump?: CrashDump;
}

/** Reads the newest crash among files that may hold one, in their order. */
export function collectCrash(
  host: Host,
  files: readonly DumpFile[],
  lastFailedAtMs: number | undefined,
): CollectedCrash {
  let older: EvidencePiece | undefined;
  for (const file of files) {
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
    if (isFresh)
      return { facts: factsOfCrashDump(read.dump), evidence: piece ? [piece] : [], dump: read.dump };
    older ??= piece;
  }
  return { facts: {}, evidence: older ? [older] : [] };
}
