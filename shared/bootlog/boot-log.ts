/** Something in a log that could not be read or does not add up; `line` counts from 1. */
export interface LogProblem {
  readonly code: string;
  readonly message: string;
  readonly line?: number;
}

export type TextEncoding = 'utf-16le' | 'utf-8';

/** One driver line of ntbtlog.txt. `path` is as written: a path, or an `@inf,%text%;name` of a device. */
export interface BootLogEntry {
  readonly path: string;
  /** File name in lower case, `csagent.sys`; the whole text when it is no path. */
  readonly name: string;
  readonly line: number;
}

/** One start of Windows as the boot log tells it. */
export interface BootRecord {
  /** Local time of the machine without zone, `2024-10-13T14:00:30.500`; null when the log does not tell. */
  readonly startedAtLocal: string | null;
  readonly osBuild: number | null;
  readonly line: number;
  readonly loaded: readonly BootLogEntry[];
  /** Normal noise in numbers: the same driver is often named many times in a healthy start. */
  readonly notLoaded: readonly BootLogEntry[];
}

/** What ntbtlog.txt says: starts in file order, so the newest is the last. */
export interface BootLog {
  readonly format: 'ntbtlog';
  readonly encoding: TextEncoding;
  readonly boots: readonly BootRecord[];
  /** Driver loaded last in the newest start; null when none was. */
  readonly lastLoaded: BootLogEntry | null;
  readonly problems: readonly LogProblem[];
}

export type BootLogResult =
  { readonly ok: true; readonly log: BootLog } | { readonly ok: false; readonly problem: LogProblem };
