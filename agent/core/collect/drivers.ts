import type { BootLog } from '../../../shared/bootlog/boot-log.ts';
import { factOfFile } from '../../../shared/facts/fact-of-file.ts';
import type { Facts } from '../../../shared/facts/facts.ts';
import { factsOfDriverImage, factsOfKernelImage } from '../../../shared/facts/facts-of-image.ts';
import { findServiceOf } from '../../../shared/facts/facts-of-services.ts';
import { factPathOf } from '../../../shared/facts/place.ts';
import { pathOfRegistry } from '../../../shared/facts/registry-path.ts';
import type { DirectoryEntry } from '../../../shared/facts/volume-view.ts';
import { readPortableExecutable } from '../../../shared/portable-executable/portable-executable.ts';
import type { Service } from '../../../shared/registry/services.ts';
import type { Host } from '../../host/host.ts';
import { type FoundWindows, hashFile } from '../found-windows.ts';
import { joinPath, nameOfPath } from '../windows-path.ts';
import { hostSource } from './host-source.ts';

const maxDirectories = 2000;
const maxFiles = 20_000;
const maxListed = 32;
export const maxHashedBytes = 16 * 1024 * 1024;
/** Kept for the newest files: a bad update is among them, and a file that is told needs no probe. */
export const roomForFilesJsonBytes = 900;

export const isDriverName = (text: string): boolean => /^[a-z0-9_.-]{1,64}\.sys$/.test(text);

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
  let complete = true;
  for (let at = 0; at < directories.length; at++) {
    const listed = windows.list(directories[at]!);
    complete &&= listed !== undefined;
    for (const entry of listed ?? []) {
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
  fits: (facts: Facts) => boolean,
): Facts {
  let facts: Facts = {};
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

/** Where drivers are known from. */
export interface KnownDrivers {
  readonly services: readonly Service[];
  readonly log: BootLog | undefined;
  readonly drivers: DriversFolder;
}

/** Version, link time and path of a driver: `csagent` or `csagent.sys`. */
export function factsOfDriver(host: Host, windows: FoundWindows, known: KnownDrivers, driver: string): Facts {
  const found = findDriverFile(windows, known, driver);
  if (!found) return {};
  const place = factPathOf(windows, found.path);
  const name = nameOfDriver(driver);
  const read = readPortableExecutable(hostSource(host.files, found.path, found.entry.sizeBytes));
  return {
    ...(place !== undefined && { [`driver.${name}.path`]: place }),
    ...(read.ok && factsOfDriverImage(name, read.image)),
  };
}

/** The file of a driver with its hash, which tells builds of one version apart. */
export function factOfDriverFile(
  host: Host,
  windows: FoundWindows,
  known: KnownDrivers,
  driver: string,
): Facts {
  const found = findDriverFile(windows, known, driver);
  if (!found || found.entry.sizeBytes > maxHashedBytes) return {};
  return factOfFile(windows, found.path, found.entry, hashFile(host, found.path));
}

/**
 * The registry says where Windows would load a driver from; the boot log knows drivers outside System32\drivers too.
 */
function findDriverFile(
  windows: FoundWindows,
  { services, log, drivers }: KnownDrivers,
  driver: string,
): DriverFile | undefined {
  const fileName = `${nameOfDriver(driver)}.sys`;
  const registered = findServiceOf(services, fileName)?.imagePath;
  const logged = log?.boots.at(-1)?.loaded.find(one => one.name === fileName)?.path;
  return [
    ...[registered, logged].map(written => written && pathOfRegistry(windows, written)),
    drivers.files.find(one => nameOfPath(one.path).toLowerCase() === fileName)?.path,
  ].flatMap(path => {
    const entry = path ? windows.find(path) : undefined;
    return path && entry?.kind === 'file' ? [{ path, entry }] : [];
  })[0];
}

const nameOfDriver = (driver: string) => driver.toLowerCase().replace(/\.sys$/, '');

/** Build, revision and architecture from the kernel file itself. */
export function factsOfKernel(host: Host, windows: FoundWindows): Facts {
  const path = joinPath(windows.windowsDirectory, 'System32', 'ntoskrnl.exe');
  const entry = windows.find(path);
  if (entry?.kind !== 'file') return {};
  const read = readPortableExecutable(hostSource(host.files, path, entry.sizeBytes));
  return read.ok ? factsOfKernelImage(read.image) : {};
}
