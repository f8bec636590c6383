import type { BootLog } from '../../../shared/bootlog/boot-log.ts';
import { readPortableExecutable } from '../../../shared/portable-executable/portable-executable.ts';
import { factPathOf } from '../../../shared/facts/place.ts';
import type { DirectoryEntry } from '../../../shared/facts/volume-view.ts';
import type { Host } from '../../host/host.ts';
import type { FoundWindows } from '../found-windows.ts';
import { joinPath, nameOfPath } from '../windows-path.ts';
import type { FactRecord } from './collected.ts';
import { hostSource } from './host-source.ts';

const maxDirectories = 2000;
const maxFiles = 20_000;
const maxListed = 32;

interface DriverFile {
  readonly path: string;
  readonly entry: DirectoryEntry;
}

/** Every file below System32\drivers, newest first. `complete` is false when there were more than can be looked at. */
export interface DriversFolder {
  readonly files: readonly DriverFile[];
  readonly complete: boolean;
}

/** Walks System32\drivers within bounds; links are not followed. */
export function walkDrivers(windows: FoundWindows): DriversFolder {
  const files: DriverFile[] = [];
  const directories = [joinPath(windows.windowsDirectory, 'System32', 'drivers')];
  let complete = windows.list(directories[0]!) !== undefined;
  for (let at = 0; at < directories.length; at++) {
    for (const entry of windows.list(directories[at]!) ?? []) {
      const path = joinPath(directories[at]!, entry.name);
      if (entry.kind === 'file' && files.length < maxFiles) files.push({ path, entry });
      else if (entry.kind === 'directory' && directories.length < maxDirectories) directories.push(path);
      else complete = false;
    }
  }
  files.sort((a, b) => b.entry.writtenAtMs - a.entry.writtenAtMs);
  return { files, complete };
}

/**
 * The newest files below System32\drivers, as many as fit, with the claim of how far back the list is whole.
 * `fits` says whether facts may still grow by these.
 */
export function factsOfNewestFiles(
  windows: FoundWindows,
  { files, complete }: DriversFolder,
  fits: (facts: FactRecord) => boolean,
): FactRecord {
  let facts: FactRecord = {};
  let listed = 0;
  for (const { path, entry } of files.slice(0, maxListed)) {
    const next = { ...facts, ...factOfFile(windows, path, entry) };
    if (!fits(next)) break;
    facts = next;
    listed++;
  }
  if (!complete) return facts;
  // Files of the same time as the first that is left out are not claimed.
  const firstLeftOut = files[listed];
  const search = firstLeftOut
    ? { files: files.length, writtenSince: new Date(firstLeftOut.entry.writtenAtMs + 1).toISOString() }
    : { files: files.length };
  return { ...facts, ['searched.%systemroot%\\system32\\drivers\\**']: search };
}

/** The fact that names one file. */
export function factOfFile(windows: FoundWindows, path: string, entry: DirectoryEntry): FactRecord {
  const place = factPathOf(windows, path);
  if (place === undefined) return {};
  return {
    [`file.${place}`]: {
      sizeBytes: entry.sizeBytes,
      writtenAt: new Date(entry.writtenAtMs).toISOString(),
    },
  };
}

/** Version and path of a driver: `csagent` or `csagent.sys`. The boot log knows drivers outside System32\drivers. */
export function factsOfDriver(
  host: Host,
  windows: FoundWindows,
  folder: DriversFolder,
  log: BootLog | undefined,
  driver: string,
): FactRecord {
  const name = driver.toLowerCase().replace(/\.sys$/, '');
  const fileName = `${name}.sys`;
  const logged = log?.boots.at(-1)?.loaded.find(one => one.name === fileName)?.path;
  const inFolder = folder.files.find(one => nameOfPath(one.path).toLowerCase() === fileName)?.path;
  const path = (logged === undefined ? undefined : pathOfLogged(windows, logged)) ?? inFolder;
  const entry = path === undefined ? undefined : windows.find(path);
  if (path === undefined || entry?.kind !== 'file') return {};
  const facts: FactRecord = {};
  const place = factPathOf(windows, path);
  if (place !== undefined) facts[`driver.${name}.path`] = place;
  const read = readPortableExecutable(hostSource(host.files, path, entry.sizeBytes));
  if (read.ok && read.image.fileVersion !== null) facts[`driver.${name}.version`] = read.image.fileVersion;
  return facts;
}

/** Build, revision and architecture from the kernel file itself. */
export function factsOfKernel(host: Host, windows: FoundWindows): FactRecord {
  const path = joinPath(windows.windowsDirectory, 'System32', 'ntoskrnl.exe');
  const entry = windows.find(path);
  if (entry?.kind !== 'file') return {};
  const read = readPortableExecutable(hostSource(host.files, path, entry.sizeBytes));
  if (!read.ok) return {};
  const facts: FactRecord = {};
  const { architecture, fileVersion } = read.image;
  if (architecture !== 'unknown') facts['os.architecture'] = architecture;
  const [build, revision] = (fileVersion ?? '').split('.').slice(2).map(Number);
  if (build !== undefined && build > 0) facts['os.build'] = build;
  if (revision !== undefined && revision > 0) facts['os.revision'] = revision;
  return facts;
}

/**
 * A driver path of the boot log on the found volume; undefined when it names no place below that Windows. Its drive
 * letter is the one Windows had when it ran, so only what follows counts.
 */
function pathOfLogged(windows: FoundWindows, logged: string): string | undefined {
  const tail =
    /^\\SystemRoot\\(.+)$/i.exec(logged)?.[1] ??
    /^(?:\\\?\?\\)?[a-z]:\\Windows\\(.+)$/i.exec(logged)?.[1] ??
    /^(System32\\.+)$/i.exec(logged)?.[1];
  const isPlain = tail !== undefined && !/[<>:"/|?*]|(^|\\)\.*(\\|$)|[. ](\\|$)/.test(tail);
  return isPlain ? joinPath(windows.windowsDirectory, tail) : undefined;
}
