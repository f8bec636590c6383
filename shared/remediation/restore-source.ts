import { pagedSource } from '../bytes/paged-source.ts';
import { foldName } from '../facts/glob.ts';
import { compareVersions } from '../facts/version.ts';
import { isWithin, compareNumbers } from '../facts/range.ts';
import type { VolumeView } from '../facts/volume-view.ts';
import {
  type PortableExecutable,
  readFileVersion,
  readPortableExecutable,
} from '../portable-executable/portable-executable.ts';
import { isInExtent } from './extent.ts';
import { findProtection, isSecretPlace } from './protected-places.ts';
import { refuse, type Refusal, type ResolvedFile, resolveFiles } from './resolve-files.ts';
import type { FilePath, FileTraits } from './tree-parts.ts';

/** Real driver stores hold some 4,000 packages. */
const mostPackages = 20_000;

/** The one file of this name in the packages of the driver store, or why there is not just one. */
export function findInDriverStore(
  volume: VolumeView,
  name: string,
  traits: FileTraits,
): ResolvedFile | Refusal | undefined {
  const repository = `${volume.windowsDirectory}\\System32\\DriverStore\\FileRepository`;
  const packages = volume.list(repository);
  if (!packages) return refuse('unreadable-folder', `The driver store ${repository} cannot be listed.`);
  if (packages.length > mostPackages)
    return refuse('unreadable-folder', 'The driver store holds more packages than can be looked through.');
  const found = packages.flatMap(({ name: folder, kind }): ResolvedFile[] => {
    const path = `${repository}\\${folder}\\${name}`;
    const entry = kind === 'directory' ? volume.find(path) : undefined;
    if (entry?.kind !== 'file') return [];
    const file = { path, sizeBytes: entry.sizeBytes, writtenAtMs: entry.writtenAtMs };
    return fits(volume, file, traits) ? [file] : [];
  });
  const [first, ...others] = found;
  if (!first) return undefined;
  const hash = volume.hash?.(first.path);
  const different = others.find(one => hash === undefined || volume.hash?.(one.path) !== hash);
  return different
    ? refuse('several-sources', `${first.path} and ${different.path} are not known to be the same file.`)
    : first;
}

/** The newest file that earlier attempts moved away from this path and that is as the clauses say. */
export function findInQuarantine(
  volume: VolumeView,
  path: string,
  traits: FileTraits,
): ResolvedFile | Refusal | undefined {
  const kept = volume.quarantined?.(path);
  if (!kept) return refuse('quarantine-unknown', `What was moved away from ${path} earlier cannot be told.`);
  return kept.find(file => fits(volume, file, traits));
}

/**
 * A named file that may stand in for the one at a path: a hash in the line names its bytes; without one it is a file of
 * the same name, made for this architecture, and of the version family of this Windows or of the file it replaces.
 */
export function findNamedSource(
  volume: VolumeView,
  source: FilePath,
  target: { readonly name: string; readonly path: string },
  traits: FileTraits,
): ResolvedFile | Refusal | undefined {
  const found = resolveFiles(volume, source, traits);
  if (found.kind === 'refused') return found;
  const [file] = found.files;
  if (!file) return undefined;
  const what = findProtection(volume, ofThisWindows(volume, file.path));
  if (isSecretPlace(what)) return refuse('protected-place', `${file.path} belongs to ${what}.`);
  const image = readImage(volume, file.path);
  if (!image && isProgram(target.name))
    return unfit(
      `${file.path} is no program or driver as it stands; the component store keeps old ones as differences.`,
    );
  if (traits.sha256 !== undefined) return file;
  if (!image) return unfit(`${file.path} says nothing of its version. Expected: sha256 HASH.`);
  return (
    findMisfit(image, file.path, target, [
      readImage(volume, kernelOf(volume)),
      readImage(volume, target.path),
    ]) ?? file
  );
}

const unfit = (reason: string): Refusal => refuse('source-does-not-fit', reason);

function findMisfit(
  image: PortableExecutable,
  path: string,
  target: { readonly name: string; readonly path: string },
  known: readonly (PortableExecutable | undefined)[],
): Refusal | undefined {
  const name = image.originalName?.replace(/\.mui$/i, '');
  if (image.problems.length > 0) return unfit(`${path} is not whole: ${image.problems[0]!.message}.`);
  if (name === undefined || foldName(name) !== foldName(target.name))
    return unfit(`${path} was built as ${name ?? 'a file without a name'}, not as ${target.name}.`);
  const [kernel, replaced] = known;
  const architecture = (kernel ?? replaced)?.architecture;
  if (image.architecture !== architecture)
    return unfit(
      `${path} is made for ${image.architecture}, and this Windows is ${architecture ?? 'not known'}.`,
    );
  const families = known.flatMap(one => (one && familyOf(one)) ?? []);
  const family = familyOf(image);
  if (family !== undefined && families.includes(family)) return undefined;
  return unfit(
    `${path} has version ${image.fileVersion ?? 'unknown'}, which belongs to none of ${families.join(', ') || 'no known build'}.`,
  );
}

/** Its version says which build this is; an enablement package raises the one in the registry above that of the files. */
const kernelOf = ({ windowsDirectory }: VolumeView) => `${windowsDirectory}\\System32\\ntoskrnl.exe`;

/** `10.0.22621` of 10.0.22621.3880. */
const familyOf = ({ fileVersion }: PortableExecutable) => fileVersion?.split('.').slice(0, 3).join('.');

function readImage(volume: VolumeView, path: string): PortableExecutable | undefined {
  const source = volume.open(path);
  const read = source && readPortableExecutable(pagedSource(source));
  return read?.ok ? read.image : undefined;
}

const isProgram = (name: string) => /\.(?:sys|dll|exe|efi|mui|ocx|cpl|drv)$/i.test(name);

const oldWindows = ['WINDOWS.OLD', 'WINDOWS'];

/** A file of the Windows before the last upgrade as if it were one of this Windows, by which its place is judged. */
export function asOfThisWindows(path: FilePath): FilePath {
  const isOld =
    path.place === '%SystemDrive%' &&
    oldWindows.every((part, at) => foldName(path.folders[at] ?? '') === part);
  return isOld ? { ...path, place: '%SystemRoot%', folders: path.folders.slice(oldWindows.length) } : path;
}

function ofThisWindows({ root, windowsDirectory }: VolumeView, path: string): string {
  const old = `${root}Windows.old\\Windows\\`;
  return foldName(path.slice(0, old.length)) === foldName(old)
    ? `${windowsDirectory}\\${path.slice(old.length)}`
    : path;
}

/** Whether a file that is no part of the script's own folder is as the clauses say; what cannot be read is not. */
function fits(volume: VolumeView, file: ResolvedFile, traits: FileTraits): boolean {
  const { path, sizeBytes, writtenAtMs } = file;
  if (traits.written && !isWithin(traits.written, writtenAtMs, compareNumbers)) return false;
  if (traits.sizeBytes && !isInExtent(traits.sizeBytes, sizeBytes, compareNumbers)) return false;
  if (traits.sha256 !== undefined && volume.hash?.(path) !== traits.sha256) return false;
  if (!traits.version) return true;
  const source = volume.open(path);
  const version = source && readFileVersion(pagedSource(source));
  return version !== undefined && isInExtent(traits.version, version, compareVersions);
}
