import { foldName } from './glob.ts';
import type { VolumeView } from './volume-view.ts';

/**
 * Places of the Windows that was found. A path in a fact, rule or script starts with one of them, so that it never
 * depends on drive letters (WinRE assigns them afresh) or on the environment of a process.
 */
export const places = ['%SystemRoot%', '%SystemDrive%', '%ProgramFiles%', '%ProgramData%'] as const;
export type Place = (typeof places)[number];

/** The two directories that all places follow from. */
export type FoundWindows = Pick<VolumeView, 'root' | 'windowsDirectory'>;

/** The place in its own spelling, or undefined when the text names none. */
export const findPlace = (text: string): Place | undefined =>
  places.find(place => place.toLowerCase() === text.toLowerCase());

/** Absolute path of a place on the volume, without a trailing backslash: `W:\Windows`, `W:`. */
export function pathOfPlace(windows: FoundWindows, place: Place): string {
  const drive = windows.root.replace(/\\$/, '');
  switch (place) {
    case '%SystemRoot%':
      return windows.windowsDirectory;
    case '%SystemDrive%':
      return drive;
    case '%ProgramFiles%':
      return `${drive}\\Program Files`;
    case '%ProgramData%':
      return `${drive}\\ProgramData`;
    default:
      return place satisfies never;
  }
}

const fromDeepest = ['%SystemRoot%', '%ProgramFiles%', '%ProgramData%', '%SystemDrive%'] as const;

/** A path on the volume as the name of a fact writes it: lower case, from its place on. Undefined outside the volume. */
export function factPathOf(windows: FoundWindows, path: string): string | undefined {
  for (const place of fromDeepest) {
    const base = pathOfPlace(windows, place);
    if (path.length > base.length && path[base.length] === '\\' && isBelow(base, path))
      return `${place}${path.slice(base.length)}`.toLowerCase();
  }
  return undefined;
}

const isBelow = (base: string, path: string) => foldName(path.slice(0, base.length)) === foldName(base);
