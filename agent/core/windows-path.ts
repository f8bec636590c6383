import { foldName } from '../../shared/facts/glob.ts';

/** `C:\Windows` and `System32\x` make `C:\Windows\System32\x`; also for a drive root with its backslash. */
export const joinPath = (directory: string, ...rest: readonly string[]): string =>
  [directory.replace(/\\+$/, ''), ...rest].join('\\');

/** The directory of a path, a drive root with its backslash: `C:\`. */
export function parentPath(path: string): string {
  const cut = path.lastIndexOf('\\');
  return cut <= 2 ? path.slice(0, 3) : path.slice(0, cut);
}

/** The last part of a path. */
export const nameOfPath = (path: string): string => path.slice(path.lastIndexOf('\\') + 1);

/** A path without its drive: `\Windows\System32`. Letters change from start to start, so nothing stored holds one. */
export const withoutDrive = (path: string): string => path.slice(2);

/** Whether two paths name the same thing to NTFS. */
export const isSamePath = (a: string, b: string): boolean => foldName(a) === foldName(b);

/** Whether a path lies below a directory, at any depth. */
export const isBelow = (path: string, directory: string): boolean =>
  foldName(path).startsWith(`${foldName(directory.replace(/\\+$/, ''))}\\`);
