import { matchesGlob } from '../../../shared/facts/glob.ts';
import { pathOfRegistry } from '../../../shared/facts/registry-path.ts';
import type { DirectoryEntry } from '../../../shared/facts/volume-view.ts';
import type { CrashControl } from '../../../shared/registry/crash-control.ts';
import type { Host } from '../../host/host.ts';
import type { FoundWindows } from '../found-windows.ts';
import { isSamePath, joinPath } from '../windows-path.ts';

const maxDumpsOfOneKind = 3;
const maxPageFiles = 8;

/** A file in which a crash may lie. */
export interface DumpFile {
  readonly path: string;
  readonly sizeBytes: number;
  /** Windows empties the page file at the next start, so a dump in it is of the last crash. */
  readonly isPageFile: boolean;
}

/**
 * Files in which the newest crash may lie, in the order to look: Windows writes it into the page file; SMSS makes
 * DUMP*.tmp of that at the next start, and only a logon makes MEMORY.DMP or a minidump of it, so a machine in a loop
 * has it in the first two. Then come a dedicated dump file, other page files and finished dumps, where the registry
 * says they are, else where Windows puts them.
 */
export function listDumpFiles(
  host: Host,
  windows: FoundWindows,
  crashControl: CrashControl | undefined,
): readonly DumpFile[] {
  const { root, windowsDirectory } = windows;
  const ordinary = (paths: readonly string[], isPageFile: boolean): DumpFile[] =>
    paths.flatMap(path => {
      const entry = windows.find(path);
      return entry?.kind === 'file' ? [{ path, sizeBytes: entry.sizeBytes, isPageFile }] : [];
    });
  const newest = (directory: string, pattern: string): DumpFile[] =>
    (windows.list(directory) ?? [])
      .filter(entry => entry.kind === 'file' && matchesGlob(pattern, entry.name))
      .sort((a: DirectoryEntry, b: DirectoryEntry) => b.writtenAtMs - a.writtenAtMs)
      .slice(0, maxDumpsOfOneKind)
      .map(({ name, sizeBytes }) => ({ path: joinPath(directory, name), sizeBytes, isPageFile: false }));
  const told = (written: string) => placesOf(host, windows, written);
  const pageFiles = (crashControl?.pageFiles ?? []).slice(0, maxPageFiles);
  const dedicated = crashControl?.dedicatedDumpFile ?? undefined;
  const dumps = told(crashControl?.dumpFile ?? '%SystemRoot%\\MEMORY.DMP');
  const folders = told(crashControl?.minidumpFolder ?? '%SystemRoot%\\Minidump');
  const files = [
    ...ordinary([joinPath(root, 'pagefile.sys')], true),
    ...newest(root, 'DUMP*.tmp'),
    ...newest(windowsDirectory, 'DUMP*.tmp'),
    ...ordinary(dedicated === undefined ? [] : told(dedicated), false),
    ...ordinary(pageFiles.flatMap(told), true),
    ...ordinary(dumps, false),
    ...folders.flatMap(folder => newest(folder, '*.dmp')),
  ];
  return files.filter((file, at) => files.findIndex(one => isSamePath(one.path, file.path)) === at);
}

/**
 * Where a path of the registry may lead now. Drive letters are those of the Windows that ran: what is not on the
 * volume it started from can be on any other that is readable.
 */
function placesOf(host: Host, windows: FoundWindows, written: string): readonly string[] {
  const onSystem = pathOfRegistry(windows, written);
  if (onSystem !== undefined) return [onSystem];
  const others = host.machine
    .listVolumes()
    .filter(volume => volume.bitLocker !== 'locked' && !isSamePath(volume.root, windows.root));
  const plain = written.replace(/^(\\\?\?\\)?[a-z]:/i, 'C:');
  return others.flatMap(({ root }) => pathOfRegistry({ ...windows, root }, plain) ?? []);
}
