import { textOfUtf16 } from '../bytes/utf16.ts';
import type { Hive } from './hive.ts';
import { RegistryReader } from './registry-reader.ts';

const mostRenames = 10_000;

/** A file operation that the next start will do before anything else. */
export interface PendingRename {
  readonly from: string;
  /** Null: the file is deleted. */
  readonly to: string | null;
  /** Whether a file that stands at `to` is replaced; otherwise the rename fails then. */
  readonly replaces: boolean;
}

/**
 * Reads what the session manager will rename and delete at the next start. The values are lists of pairs in which an
 * empty text means "delete", so the usual end of a list of texts is none here.
 */
export function readPendingRenames(hive: Hive, controlSet: string): readonly PendingRename[] {
  const reader = new RegistryReader(hive);
  const key = hive.findKey(`${controlSet}\\Control\\Session Manager`);
  const renames: PendingRename[] = [];
  for (const name of ['PendingFileRenameOperations', 'PendingFileRenameOperations2']) {
    const data = reader.findData(key, name);
    const texts = data ? textOfUtf16(data).split('\0') : [];
    for (let at = 0; at < texts.length && renames.length < mostRenames; at += 2) {
      const [from, to = ''] = [texts[at]!, texts[at + 1]];
      if (from === '') break;
      const replaces = to.startsWith('!');
      renames.push({
        from: plainPath(from),
        to: to === '' ? null : plainPath(replaces ? to.slice(1) : to),
        replaces,
      });
    }
  }
  return renames;
}

/** Without the prefix of the object manager, and without the digit that some installers put before it. */
const plainPath = (path: string): string => path.replace(/^(\*\d+)?\\\?\?\\/, '');
