import type { ByteSource } from '../../shared/bytes/byte-source.ts';
import {
  type HiveName,
  hiveNames,
  openHiveFile,
  pathOfHive,
} from '../../shared/remediation/offline-registry.ts';
import { makeNewHive } from '../../shared/remediation/swap-hive.ts';
import { checkHive } from '../../shared/registry/check-hive.ts';
import type { Host } from '../host/host.ts';
import type { FoundWindows } from './found-windows.ts';
import { hiveEditsOf, type HiveIntent } from './journal.ts';
import { isSamePath, joinPath } from './windows-path.ts';

/** Why a hive was not swapped, or not swapped back. */
export interface SwapProblem {
  readonly code:
    'hive-not-editable' | 'hive-check-failed' | 'hive-used-since' | 'file-missing' | 'not-the-same-file';
  readonly message: string;
}

const pieceBytes = 1024 * 1024;

/** Where the edited hive is written before it takes its place: beside it, so that it inherits the same access list. */
const freshPathOf = (path: string): string => `${path}.bootmend`;

/** The hive that lies at this path, or undefined when the path is not that of a hive scripts can change. */
export const hiveAt = (windows: FoundWindows, path: string): HiveName | undefined =>
  hiveNames.find(name => isSamePath(pathOfHive(windows, name), path));

/**
 * Puts an edited hive in the place of the old one. The edited hive is a new file, written in pieces, read back and
 * checked, and durable before anything is renamed; the old one gets its second name in quarantine before it loses its
 * first. The one rename that replaces is atomic, so at every moment a whole hive stands in the place: the old one with
 * its logs, or the edited one, which is clean and newer than all that stands in the logs, so that Windows leaves those
 * alone. That is why the logs stay where they are: moving three files could never be one step.
 */
export function swapHive(host: Host, windows: FoundWindows, intent: HiveIntent): SwapProblem | undefined {
  const { files } = host;
  const [path, kept] = pathsOf(windows, intent);
  const fresh = freshPathOf(path);
  const edited = editedHive(windows, intent, path);
  if ('code' in edited) return edited;
  if (files.find(fresh)) files.remove(fresh);
  for (let at = 0; at < edited.image.sizeBytes; at += pieceBytes)
    files.append(fresh, edited.image.read(at, pieceBytes));
  files.flush(fresh);
  const problem = checkFresh(windows, edited, fresh, intent);
  if (problem) return problem;
  files.link(path, kept);
  files.flush(kept);
  files.rename(fresh, path, { replace: true });
  files.flush(path);
  return undefined;
}

/**
 * Takes a swap back from whatever a power cut left of it. It is taken back only while the hive is exactly the one that
 * was made here from the one in quarantine: when Windows has used it since, its logs no longer fit the old one.
 */
export function undoHiveSwap(
  host: Host,
  windows: FoundWindows,
  intent: HiveIntent,
): { readonly restored: boolean } | SwapProblem {
  const { files } = host;
  const [path, kept] = pathsOf(windows, intent);
  const [there, away, fresh] = [files.find(path), files.find(kept), files.find(freshPathOf(path))];
  const isOld = (entry: typeof there) =>
    entry?.kind === 'file' &&
    entry.sizeBytes === intent.sizeBytes &&
    entry.writtenAtMs === intent.writtenAtMs;
  if (fresh?.kind === 'file') files.remove(freshPathOf(path));
  if (!there && !away)
    return { code: 'file-missing', message: `${intent.from} is neither in its place nor in quarantine` };
  if (away && !isOld(away))
    return { code: 'not-the-same-file', message: `${intent.to} is not the hive that was kept` };
  if (isOld(there)) {
    // Not swapped yet, or swapped back already: the name in quarantine is one more name of the same file.
    if (away) files.remove(kept);
    return { restored: false };
  }
  const used = { code: 'hive-used-since', message: `${intent.from} was changed since, so it stays` } as const;
  if (!away) return used;
  if (there) {
    const edited = editedHive(windows, intent, kept);
    const current = windows.open(path);
    if ('code' in edited || !current || !areEqual(edited.image, current)) return used;
  }
  files.rename(kept, path, { replace: true });
  return { restored: true };
}

interface EditedHive {
  readonly hive: HiveName;
  readonly image: ByteSource;
  /** What a check of the hive found before it was edited. */
  readonly problemsBefore: number;
}

/** The hive with its logs replayed and the edits made, from the file at `path` unless the intent names another. */
function editedHive(windows: FoundWindows, intent: HiveIntent, path: string): EditedHive | SwapProblem {
  const refuse = (message: string): SwapProblem => ({ code: 'hive-not-editable', message });
  const edits = hiveEditsOf(intent);
  const hive = hiveAt(windows, pathsOf(windows, intent)[0]);
  if (!hive || !edits) return refuse(`${intent.from} is no hive that scripts change`);
  const source = intent.swap?.source;
  const fromPath = source && joinPath(windows.root, source.path.slice(1));
  if (fromPath !== undefined && windows.hash?.(fromPath) !== source?.sha256)
    return refuse(`${source?.path ?? ''} is not the file that was planned`);
  const isSwapped = intent.swap !== undefined;
  const made = makeNewHive(windows, hive, { edits, fromPath: fromPath ?? path, isSwapped });
  if (!made.ok) return refuse(made.reason);
  const { image, recovered } = made;
  return { hive, image, problemsBefore: checkHive(recovered.hive).problems.length };
}

/** Reads the new file back: it is what was planned, needs no log, and is no worse than the hive it was made from. */
function checkFresh(
  windows: FoundWindows,
  { hive, image, problemsBefore }: EditedHive,
  fresh: string,
  intent: HiveIntent,
): SwapProblem | undefined {
  const wrong = (message: string): SwapProblem => ({ code: 'hive-check-failed', message });
  const entry = windows.find(fresh);
  const written = windows.open(fresh);
  if (!written || !areEqual(image, written))
    return wrong('the edited hive does not read back as it was written');
  if (entry?.sizeBytes === intent.sizeBytes && entry.writtenAtMs === intent.writtenAtMs)
    return wrong('the edited hive cannot be told from the old one by size and time');
  const opened = openHiveFile(windows, hive, fresh);
  if (!opened.ok) return wrong(opened.reason);
  if (opened.recovered.state !== 'clean') return wrong('the edited hive still needs its logs');
  if (checkHive(opened.recovered.hive).problems.length > problemsBefore)
    return wrong('the edited hive does not pass its check');
  return undefined;
}

function areEqual(a: ByteSource, b: ByteSource): boolean {
  if (a.sizeBytes !== b.sizeBytes) return false;
  for (let at = 0; at < a.sizeBytes; at += pieceBytes) {
    const [left, right] = [a.read(at, pieceBytes), b.read(at, pieceBytes)];
    if (left.length !== right.length || left.some((byte, index) => byte !== right[index])) return false;
  }
  return true;
}

const pathsOf = ({ root }: FoundWindows, { from, to }: HiveIntent): readonly [string, string] => [
  joinPath(root, from.slice(1)),
  joinPath(root, to.slice(1)),
];
