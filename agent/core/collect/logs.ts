import { type BootLog } from '../../../shared/bootlog/boot-log.ts';
import { readBootLog } from '../../../shared/bootlog/read-boot-log.ts';
import { readSrtTrail } from '../../../shared/bootlog/read-srt-trail.ts';
import { factsOfBootLog } from '../../../shared/facts/facts-of-boot-log.ts';
import { factsOfStartupRepair } from '../../../shared/facts/facts-of-startup-repair.ts';
import type { Host } from '../../host/host.ts';
import type { FoundWindows } from '../found-windows.ts';
import { joinPath } from '../windows-path.ts';
import { type Collected, nothingCollected } from './collected.ts';
import { isOfLastFailure } from './freshness.ts';

/** Logs grow with every start; the newest start stands at the end. */
const maxLogBytes = 1024 * 1024;

export interface CollectedBootLog extends Collected {
  /** The log, also when it is older than the last failed start: paths of drivers do not age. */
  readonly log?: BootLog;
}

/** Reads `ntbtlog.txt`, written when boot logging is on. */
export function collectBootLog(
  host: Host,
  windows: FoundWindows,
  lastFailedAtMs: number | undefined,
): CollectedBootLog {
  const file = readTail(host, joinPath(windows.windowsDirectory, 'ntbtlog.txt'));
  if (!file) return nothingCollected;
  const evidence = [{ kind: 'boot-log', name: 'ntbtlog.txt', bytes: file.bytes } as const];
  const read = readBootLog(file.bytes);
  if (!read.ok) return { facts: {}, evidence };
  const isFresh = isOfLastFailure(file.writtenAtMs, lastFailedAtMs);
  return { facts: isFresh ? factsOfBootLog(read.log) : {}, evidence, log: read.log };
}

/** Reads `SrtTrail.txt` of Startup Repair. */
export function collectSrtTrail(
  host: Host,
  windows: FoundWindows,
  lastFailedAtMs: number | undefined,
): Collected {
  const path = joinPath(windows.windowsDirectory, 'System32', 'LogFiles', 'Srt', 'SrtTrail.txt');
  const file = readTail(host, path);
  if (!file) return nothingCollected;
  const evidence = [{ kind: 'startup-repair-log', name: 'SrtTrail.txt', bytes: file.bytes } as const];
  const read = readSrtTrail(file.bytes);
  if (!read.ok || !isOfLastFailure(file.writtenAtMs, lastFailedAtMs)) return { facts: {}, evidence };
  return { facts: factsOfStartupRepair(read.trail), evidence };
}

function readTail(
  host: Host,
  path: string,
): { readonly bytes: Uint8Array; readonly writtenAtMs: number } | undefined {
  const entry = host.files.find(path);
  if (entry?.kind !== 'file' || entry.sizeBytes === 0) return undefined;
  const { sizeBytes, writtenAtMs } = entry;
  if (sizeBytes <= maxLogBytes) return { bytes: host.files.read(path, 0, sizeBytes), writtenAtMs };
  const mark = host.files.read(path, 0, 2);
  const isUtf16 = mark[0] === 0xff && mark[1] === 0xfe;
  // UTF-16 text keeps its mark and starts on a whole character.
  const from = sizeBytes - maxLogBytes + ((sizeBytes - maxLogBytes) % 2);
  const tail = host.files.read(path, from, maxLogBytes);
  return { bytes: isUtf16 ? new Uint8Array([...mark, ...tail]) : tail, writtenAtMs };
}
