import type { Facts } from './facts.ts';
import { factPathOf, type FoundWindows } from './place.ts';
import type { DirectoryEntry } from './volume-view.ts';

/** The fact that names one file, with its hash where that was worth reading it; none for a file outside of the volume. */
export function factOfFile(
  windows: FoundWindows,
  path: string,
  entry: DirectoryEntry,
  sha256?: string,
): Facts {
  const place = factPathOf(windows, path);
  if (place === undefined) return {};
  return {
    [`file.${place}`]: {
      sizeBytes: entry.sizeBytes,
      writtenAt: new Date(entry.writtenAtMs).toISOString(),
      ...(sha256 !== undefined && { sha256 }),
    },
  };
}
