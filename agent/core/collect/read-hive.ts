import type { Hive } from '../../../shared/registry/hive.ts';
import { recoverHive } from '../../../shared/registry/recover-hive.ts';
import type { HiveState } from '../../../shared/registry/registry-extract.ts';
import { type Host, HostError } from '../../host/host.ts';
import type { FoundWindows } from '../found-windows.ts';
import { joinPath } from '../windows-path.ts';
import { BoundedSource } from './bounded-source.ts';

// A real SYSTEM has 10 to 30 MB and SOFTWARE 60 to 150 MB; their logs a few. The heap of the agent has 16 MB: pages of
// a hive take little more than 1 MB of it, but what logs change is kept whole.
const largestHiveBytes = 256 * 1024 * 1024;
const largestLogBytes = 32 * 1024 * 1024;
const mostReplayReadsBytes = 8 * 1024 * 1024;
const mostHiveRereadsBytes = 64 * 1024 * 1024;

/** A hive's state, and what was read from it when that is to be believed. */
export type HiveReading<Content> = { readonly state: HiveState; readonly content?: Content };

/**
 * Reads a hive where it lies, with its logs, and changes nothing. Whatever the bytes are, time
 * and memory stay bounded; what cannot be read within the bounds stays unknown.
 */
export function readHive<Content>(
  host: Host,
  windows: FoundWindows,
  name: string,
  read: (hive: Hive) => Content,
): HiveReading<Content> {
  const sources: BoundedSource[] = [];
  const folder = windows.hivesIn ?? joinPath(windows.windowsDirectory, 'System32', 'config');
  let isUnreadable = false;
  const find = (path: string) => {
    try {
      return windows.find(path);
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      isUnreadable = true;
      return undefined;
    }
  };
  const open = (file: string, mostBytes: number, budgetOf: (sizeBytes: number) => number) => {
    const path = joinPath(folder, file);
    const entry = find(path);
    if (entry?.kind !== 'file') return undefined;
    const source = new BoundedSource(host.files, path, entry.sizeBytes, budgetOf(entry.sizeBytes));
    if (entry.sizeBytes > mostBytes) source.stopped = 'too-costly';
    sources.push(source);
    return source;
  };
  const hive = open(name, largestHiveBytes, sizeBytes => sizeBytes + mostHiveRereadsBytes);
  if (!hive) return { state: isUnreadable ? 'unreadable' : 'absent' };
  // A log is looked through once, and what is replayed is read twice more.
  const [log1, log2] = ['LOG1', 'LOG2'].map(log =>
    open(`${name}.${log}`, largestLogBytes, sizeBytes => sizeBytes + mostReplayReadsBytes),
  );
  // Without a log that is there nobody knows what the hive holds.
  if (isUnreadable) return { state: 'unreadable' };
  const stopped = () => sources.find(one => one.stopped)?.stopped;
  const tooLarge = stopped();
  if (tooLarge) return { state: tooLarge };
  const recovered = recoverHive(hive, { ...(log1 && { LOG1: log1 }), ...(log2 && { LOG2: log2 }) });
  if (!recovered.ok) return { state: stopped() ?? 'damaged' };
  const { state } = recovered;
  if (state !== 'clean' && state !== 'recovered') return { state: stopped() ?? state };
  const content = read(recovered.hive);
  const stop = stopped();
  return stop ? { state: stop } : { state, content };
}
