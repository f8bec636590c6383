import { foldName } from '../facts/glob.ts';
import type { FilePath } from './tree-parts.ts';

/** How a script may write the Windows folder, and the folders of programs: Windows gives them to administrators alone. */
const windowsPlaces = ['%SystemRoot%', '%SystemDrive%\\Windows'].map(foldName);
const programPlaces = [
  '%ProgramFiles%',
  '%SystemDrive%\\Program Files',
  '%SystemDrive%\\Program Files (x86)',
].map(foldName);

/**
 * Folders of Windows where everybody may make files all the same, from the Windows folder on. Source: the access lists
 * of a fresh Windows; they are the known holes of AppLocker's default rules.
 */
const openBelowWindows = [
  'Temp',
  'Tasks',
  'Tracing',
  'Debug\\WIA',
  'PLA',
  'Registration\\CRMLog',
  'ServiceProfiles',
  ...['System32', 'SysWOW64'].flatMap(folder =>
    ['Tasks', 'FxsTmp', 'Com\\dmp', 'Microsoft\\Crypto', 'spool'].map(one => `${folder}\\${one}`),
  ),
].map(foldName);

/** Whether somebody who is no administrator may have put a file at a path of a script, as far as its text shows. */
export function isOpenPlace({ place, folders }: FilePath): boolean {
  const folder = foldName([place, ...folders].join('\\'));
  const windows = windowsPlaces.find(one => isWithin(one, folder));
  if (windows === undefined) return !programPlaces.some(one => isWithin(one, folder));
  const below = folder.slice(windows.length + 1);
  return openBelowWindows.some(one => isWithin(one, below));
}

const isWithin = (folder: string, path: string) => path === folder || path.startsWith(`${folder}\\`);
