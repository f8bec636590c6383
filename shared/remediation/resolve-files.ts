import { pagedSource } from '../bytes/paged-source.ts';
import { compareNumbers, isWithin } from '../facts/range.ts';
import { hasWildcard, isSameName, matchesGlob } from '../facts/glob.ts';
import { pathOfPlace } from '../facts/place.ts';
import { compareVersions } from '../facts/version.ts';
import type { DirectoryEntry, VolumeView } from '../facts/volume-view.ts';
import { readFileVersion } from '../portable-executable/portable-executable.ts';
import { isInExtent } from './extent.ts';
import type { RefusedCode } from './plan.ts';
import type { Extent, FilePath, FileTraits, FolderPath } from './tree-parts.ts';

/** A file of the volume with its absolute path, as the volume spells it. */
export interface ResolvedFile {
  readonly path: string;
  readonly sizeBytes: number;
  readonly writtenAtMs: number;
}

/** Why a path cannot be followed to its end. */
export interface Refusal {
  readonly kind: 'refused';
  readonly code: RefusedCode;
  readonly reason: string;
}

export const refuse = (code: RefusedCode, reason: string): Refusal => ({ kind: 'refused', code, reason });

export type Resolution =
  | {
      readonly kind: 'files';
      readonly files: readonly ResolvedFile[];
      /** False where nobody looked: then there may be more. */
      readonly isWhole: boolean;
    }
  | Refusal;

/**
 * Finds the files that a path and its traits mean, in name order. It walks from the root, follows no link, takes no
 * short name for a long one, and says so where it cannot tell.
 */
export function resolveFiles(volume: VolumeView, path: FilePath, traits: FileTraits): Resolution {
  const folder = walk(volume, path);
  const asked = [pathOfPlace(volume, path.place), ...path.folders, path.name].join('\\');
  const isWhole = volume.knowsAll?.(asked, traits.written?.from) ?? true;
  if (folder === undefined) return { kind: 'files', files: [], isWhole };
  if (typeof folder !== 'string') return folder;
  const entries = hasWildcard(path.name)
    ? listMatching(volume, folder, path)
    : findNamed(volume, folder, path);
  if (!Array.isArray(entries)) return entries;
  const files: ResolvedFile[] = [];
  for (const entry of entries.filter(one => hasTraits(one, traits))) {
    const { name, sizeBytes, writtenAtMs } = entry;
    const file = { path: `${folder}\\${name}`, sizeBytes, writtenAtMs };
    const fits = traits.version ? hasVersion(volume, file.path, traits.version) : true;
    if (typeof fits !== 'boolean') return fits;
    if (!fits) continue;
    const isIt = traits.sha256 === undefined ? true : hasHash(volume, file.path, traits.sha256);
    if (typeof isIt !== 'boolean') return isIt;
    if (isIt) files.push(file);
  }
  return { kind: 'files', files, isWhole };
}

/** The folder's absolute path without a trailing backslash; undefined when it does not exist. */
function walk(volume: VolumeView, { place, folders }: FolderPath): string | Refusal | undefined {
  const base = pathOfPlace(volume, place);
  const drive = volume.root.replace(/\\$/, '');
  const parts = [
    ...base
      .slice(drive.length)
      .split('\\')
      .filter(part => part !== ''),
    ...folders,
  ];
  let path = drive;
  for (const part of parts) {
    const entry = volume.find(`${path}\\${part}`);
    if (!entry) return undefined;
    const refusal = refuseOther(entry, part, `${path}\\${part}`);
    if (refusal) return refusal;
    if (entry.kind !== 'directory') return refuse('not-a-folder', `${path}\\${entry.name} is not a folder.`);
    path = `${path}\\${entry.name}`;
  }
  return path;
}

function findNamed(volume: VolumeView, folder: string, { name }: FilePath): DirectoryEntry[] | Refusal {
  const entry = volume.find(`${folder}\\${name}`);
  if (!entry) return [];
  const refusal = refuseOther(entry, name, `${folder}\\${name}`);
  if (refusal) return refusal;
  return entry.kind === 'file' ? [entry] : refuse('not-a-file', `${folder}\\${entry.name} is not a file.`);
}

function listMatching(volume: VolumeView, folder: string, { name }: FilePath): DirectoryEntry[] | Refusal {
  const entries = volume.list(folder);
  if (!entries) return refuse('unreadable-folder', `The folder ${folder} cannot be listed.`);
  return entries.filter(entry => entry.kind === 'file' && matchesGlob(name, entry.name));
}

function refuseOther(entry: DirectoryEntry, name: string, path: string): Refusal | undefined {
  if (entry.kind === 'link') return refuse('link-on-path', `${path} is a link, and links are not followed.`);
  return isSameName(entry.name, name)
    ? undefined
    : refuse('short-name', `${path} is the short name of ${entry.name}.`);
}

function hasTraits(entry: DirectoryEntry, { written, sizeBytes }: FileTraits): boolean {
  if (written && !isWithin(written, entry.writtenAtMs, compareNumbers)) return false;
  return !sizeBytes || isInExtent(sizeBytes, entry.sizeBytes, compareNumbers);
}

function hasVersion(volume: VolumeView, path: string, version: Extent<string>): boolean | Refusal {
  const source = volume.open(path);
  const found = source && readFileVersion(pagedSource(source));
  if (found === undefined) return refuse('unknown-version', `The version of ${path} cannot be read.`);
  return isInExtent(version, found, compareVersions);
}

function hasHash(volume: VolumeView, path: string, sha256: string): boolean | Refusal {
  const found = volume.hash?.(path);
  return found === undefined ? refuse('unknown-hash', `The hash of ${path} is not known.`) : found === sha256;
}
