import type { QuarantinedFile } from '../../shared/facts/volume-view.ts';
import type { Host } from '../host/host.ts';
import type { FoundWindows } from './found-windows.ts';
import { type Intent, type Journal, listJournals } from './journal.ts';
import { isReplayable } from './replay-places.ts';
import { isSamePath, joinPath, withoutDrive } from './windows-path.ts';

/**
 * What earlier attempts moved away from a path and still keep, newest first. A journal is not trusted: only what an undo
 * of it would bring back counts. Undefined when one of the journals cannot be read, since it may name a newer file.
 */
export function listQuarantined(
  host: Host,
  windows: FoundWindows,
  path: string,
): readonly QuarantinedFile[] | undefined {
  const { journals, damaged } = listJournals(host, windows.root);
  if (damaged.length > 0) return undefined;
  const place = withoutDrive(path);
  return journals
    .filter(({ state }) => state === 'applied')
    .toReversed()
    .toSorted((a, b) => writtenAtOf(host, b) - writtenAtOf(host, a))
    .flatMap(journal =>
      journal.intents
        .filter(one => isSamePath(one.from, place) && isReplayable(windows, journal.attemptId, one))
        .toReversed()
        .flatMap(one => keptBy(host, windows, one)),
    );
}

// Servers name attempts by time, so where the times of journals are the same the later name is the newer attempt.
const writtenAtOf = ({ files }: Host, { path }: Journal) => files.find(path)?.writtenAtMs ?? 0;

function keptBy({ files }: Host, { root }: FoundWindows, intent: Intent): readonly QuarantinedFile[] {
  if (intent.action !== 'delete' && intent.action !== 'copy') return [];
  const path = joinPath(root, intent.to.slice(1));
  const entry = files.find(path);
  const isIt =
    entry?.kind === 'file' &&
    entry.sizeBytes === intent.sizeBytes &&
    entry.writtenAtMs === intent.writtenAtMs;
  return isIt ? [{ path, sizeBytes: entry.sizeBytes, writtenAtMs: entry.writtenAtMs }] : [];
}
