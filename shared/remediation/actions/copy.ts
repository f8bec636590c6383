import { foldName, hasWildcard } from '../../facts/glob.ts';
import { pathOfPlace } from '../../facts/place.ts';
import type { VolumeView } from '../../facts/volume-view.ts';
import type { Decision } from '../conditions/condition-definition.ts';
import { includingWindows } from '../files-of-windows.ts';
import type { CopyChange } from '../plan.ts';
import { printPath, printTraits, sayTraits, sayWindows } from '../phrases.ts';
import { findProtection, isSecretPlace } from '../protected-places.ts';
import { readClauses } from '../read-clauses.ts';
import { quoteName, readFilePath } from '../read-path.ts';
import { refuse, type Refusal, type ResolvedFile, resolveFiles } from '../resolve-files.ts';
import type { CopyAction } from '../syntax-tree.ts';
import type { FilePath, FolderPath } from '../tree-parts.ts';
import type { ActionDefinition, Ahead } from './action-definition.ts';

const replacing = 'replacing what is there';

export const copyFile: ActionDefinition<CopyAction> = {
  verb: 'copy',
  form: 'copy PATH to PATH',
  example: String.raw`copy %SystemRoot%\System32\drivers\hidparse.sys to %SystemRoot%\System32\hidparse.sys, replacing what is there`,
  class: 'reversible',
  meaning: 'puts a copy of one file at another path of the same volume',
  clauses: ['written', 'size', 'version', 'sha256', replacing, includingWindows],
  undo: 'the copy goes away, and a file that it replaced returns from quarantine, byte for byte',
  verify: 'the file at the new path has the content of the one that was copied',
  traps: [
    'Without `replacing what is there` a path that is taken refuses the whole plan.',
    'The clauses ask about the file that is copied. A copy has the time at which it was made and the access list of its folder.',
    'No copy goes to a protected place, also not to bring a missing file back; and none is made of hives, of files of people, of the memory of Windows on disk or of our own folder.',
  ],
  source: 'Microsoft: KB5021233, workaround of the release notes; copying one Windows file over its twin',
  windows: 'Windows 7 and later',
  changes: 'files',
  read(cursor, inside) {
    const path = readFilePath(cursor, inside);
    // A copy may leave the folder; what is copied lies in it.
    const isAway = () => cursor.peek()?.value.startsWith('%');
    const to = cursor.expect('to') ? readFilePath(cursor, isAway() ? undefined : inside) : undefined;
    const clauses = readClauses(cursor, this.clauses, 'required');
    const wild = [path, to].find(one => one && hasWildcard(one.name));
    if (wild) {
      const why = 'A copy is of one file to one path. Expected: the name of one file, without wildcard.';
      cursor.add('wildcard-not-allowed', wild.span, why);
    }
    if (!path || !to || !clauses || wild) return undefined;
    const { traits, said } = clauses;
    return {
      verb: 'copy',
      path,
      to,
      traits,
      replacing: said.has(replacing),
      includingWindows: said.has(includingWindows),
    };
  },
  print: ({ path, to, traits, replacing: replaces, includingWindows: isIncluding }, inside) =>
    [
      `copy ${quoteName(printPath(path, inside))} to ${quoteName(printPath(to, isBelow(to, inside) ? inside : undefined))}`,
      ...printTraits(traits),
      ...(replaces ? [replacing] : []),
      ...(isIncluding ? [includingWindows] : []),
    ].join(', '),
  explain: ({ path, to, traits, replacing: replaces, ...words }) =>
    `Copies ${printPath(path)}${sayTraits(traits)}${Object.keys(traits).length > 0 ? ',' : ''} to ${printPath(to)}${replaces ? ', replacing what is there' : ''}${sayWindows(words)}.`,
  plan({ path, to, traits, replacing: replaces }, ahead) {
    const found = resolveFiles(ahead.volume, path, traits);
    if (found.kind === 'refused') return found;
    const [file] = found.files;
    if (!file || ahead.vacated.has(foldName(file.path))) return [];
    const what = findProtection(ahead.volume, file.path);
    if (isSecretPlace(what)) return refuse('protected-place', `${file.path} belongs to ${what}.`);
    const change = planCopy(file, to, replaces, ahead);
    return 'code' in change ? change : [change];
  },
  prove: ({ path, to }, { volume, changes }) => {
    const source = absoluteOf(volume, path);
    const copied = changes.find(change => change.kind === 'copy') ?? {
      copiedBytes: volume.find(source)?.sizeBytes,
      sha256: volume.hash?.(source),
    };
    return proveCopy(volume, to, copied, `the copy of ${printPath(path)}`);
  },
};

const isBelow = (to: FilePath, inside?: FolderPath) =>
  inside !== undefined &&
  to.place === inside.place &&
  inside.folders.every((part, at) => to.folders[at] === part);

/** Whether the file at a path has the size and the content that were copied there; `what` says what it should be. */
export function proveCopy(
  volume: VolumeView,
  to: FilePath,
  copied: { readonly copiedBytes?: number | undefined; readonly sha256?: string | undefined },
  what: string,
): Decision {
  const path = absoluteOf(volume, to);
  const entry = volume.find(path);
  if (entry?.kind !== 'file' || entry.sizeBytes !== copied.copiedBytes)
    return { verdict: 'failed', reason: `${printPath(to)} is not ${what}.` };
  const sha256 = volume.hash?.(path);
  if (sha256 === undefined || copied.sha256 === undefined)
    return {
      verdict: 'unknown',
      reason: `Whether ${printPath(to)} has the content of ${what} is not known.`,
    };
  return sha256 === copied.sha256
    ? { verdict: 'held', reason: `${printPath(to)} is there with ${entry.sizeBytes} bytes, ${what}.` }
    : { verdict: 'failed', reason: `${printPath(to)} has other content than ${what}.` };
}

/** A copy of a file to a path: its folder must be there, and what lies there is replaced only when the line says so. */
export function planCopy(
  source: ResolvedFile,
  to: FilePath,
  replaces: boolean,
  { volume, vacated, filled }: Ahead,
): CopyChange | Refusal {
  const there = resolveFiles(volume, to, {});
  if (there.kind === 'refused') return there;
  const target = absoluteOf(volume, to);
  const folder = target.slice(0, target.lastIndexOf('\\'));
  if (volume.find(folder)?.kind !== 'directory')
    return refuse('not-a-folder', `${folder} is not a folder that is there.`);
  const [old] = there.files;
  const isTaken = (old !== undefined && !vacated.has(foldName(target))) || filled.has(foldName(target));
  if (isTaken && !replaces)
    return refuse('target-exists', `${target} exists already. Expected: ${replacing}.`);
  const replaced = isTaken ? old : undefined;
  const sha256 = volume.hash?.(source.path);
  return {
    kind: 'copy',
    path: replaced?.path ?? target,
    fromPath: source.path,
    sizeBytes: replaced?.sizeBytes ?? 0,
    writtenAtMs: replaced?.writtenAtMs ?? 0,
    replaces: replaced !== undefined,
    copiedBytes: source.sizeBytes,
    ...(sha256 !== undefined && { sha256 }),
  };
}

/** The path of a script on the volume that was found. */
export const absoluteOf = (volume: VolumeView, { place, folders, name }: FilePath): string =>
  [pathOfPlace(volume, place), ...folders, name].join('\\');
