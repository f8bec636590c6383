import { foldName } from '../facts/glob.ts';
import type { FoundWindows } from '../facts/place.ts';
import type { VolumeView } from '../facts/volume-view.ts';
import { refuse, type Refusal, type ResolvedFile } from './resolve-files.ts';

/** Names as `{016888cd-6c6f-11de-8d1d-001e0bcde3ec}.TxR.0.regtrans-ms` and `SYSTEM{…}.TM.blf`. */
const logName =
  /^[a-z]*\{[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\}\.(?:TxR(?:\.\d+\.regtrans-ms|\.blf)|TM\.blf|TMContainer\d+\.regtrans-ms)$/i;

/** A change tells at most so many files to the server. */
const mostLogs = 256;

const foldersOf = ({ windowsDirectory }: FoundWindows) => [
  `${windowsDirectory}\\System32\\config`,
  `${windowsDirectory}\\System32\\config\\TxR`,
];

/** Whether a path is that of a transaction log beside the hives, by its folder and its name. */
export function isTransactionLog(windows: FoundWindows, path: string): boolean {
  const at = path.lastIndexOf('\\');
  const folder = foldName(path.slice(0, at));
  return foldersOf(windows).some(one => foldName(one) === folder) && logName.test(path.slice(at + 1));
}

/** All transaction logs beside the hives. */
export function listTransactionLogs(volume: VolumeView): readonly ResolvedFile[] | Refusal {
  const found: ResolvedFile[] = [];
  for (const folder of foldersOf(volume)) {
    const entry = volume.find(folder);
    if (!entry) continue;
    const entries = entry.kind === 'directory' ? volume.list(folder) : undefined;
    if (!entries) return refuse('unreadable-folder', `The folder ${folder} cannot be listed.`);
    for (const { name, kind, sizeBytes, writtenAtMs } of entries)
      if (kind === 'file' && logName.test(name))
        found.push({ path: `${folder}\\${name}`, sizeBytes, writtenAtMs });
  }
  return found.length <= mostLogs
    ? found
    : refuse('too-many-files', `There are ${found.length} transaction logs; at most ${mostLogs} are moved.`);
}
