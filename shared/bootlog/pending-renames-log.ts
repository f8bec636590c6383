import type { LogProblem, TextEncoding } from './boot-log.ts';

/** A file that could not be renamed or deleted at a start of Windows. */
export interface PendingRenameFailure {
  /** Path without its `\??\`, `C:\Windows\system32\x.dll`. */
  readonly path: string;
  /** New path; null when the file was to be deleted. */
  readonly newPath: string | null;
  /** NTSTATUS, `0xc0000034`. */
  readonly status: string;
  readonly statusName: string | null;
  readonly line: number;
}

/** The pending renames of one start. */
export interface PendingRenameRun {
  /** In the machine's local time. */
  readonly startedAtLocal: string | null;
  /** How many succeeded; null when the start ended before Windows counted them. */
  readonly succeeded: number | null;
  readonly failures: readonly PendingRenameFailure[];
  readonly line: number;
}

/** What PFRO.log says, newest start first. */
export interface PendingRenamesLog {
  readonly format: 'pending-renames-log';
  readonly encoding: TextEncoding;
  readonly runs: readonly PendingRenameRun[];
  readonly problems: readonly LogProblem[];
}

export type PendingRenamesLogResult =
  | { readonly ok: true; readonly log: PendingRenamesLog }
  | { readonly ok: false; readonly problem: LogProblem };
