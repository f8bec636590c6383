import type { LogProblem, TextEncoding } from './boot-log.ts';

/** A line of CBS.log or dism.log that tells of something that failed. */
export interface ServicingFailure {
  readonly atLocal: string | null;
  /** `CBS`, `CSI`, `DISM`... */
  readonly component: string;
  readonly text: string;
  /** HRESULT as `0x800f0922`; null when the line has none. */
  readonly code: string | null;
  /** `CBS_E_INSTALLERS_FAILED`, as the log says or as known; null for unknown codes. */
  readonly codeName: string | null;
  /** Session that was running; null when the line names none. */
  readonly sessionId: string | null;
  readonly line: number;
}

/** One job of the servicing stack, or one run of DISM. */
export interface ServicingSession {
  /** `31033559_4117744417` in CBS.log, the process id or program in dism.log. */
  readonly id: string;
  /** Who asked: `WindowsUpdateAgent`, `DISM Package Manager Provider`, a command line. */
  readonly client: string | null;
  readonly startedAtLocal: string | null;
  readonly endedAtLocal: string | null;
  /** Last result the log tells for it: `0x0` is success; null when it tells none. */
  readonly result: string | null;
  readonly isRebootRequired: boolean | null;
  readonly line: number;
}

/** One step in the life of a package: planned or told state. */
export interface PackageChange {
  readonly atLocal: string | null;
  /** State at that time: Absent, Staged, Installed, Superseded, InstallRequested... */
  readonly state: string | null;
  /** State it was to reach; null when the line only tells the state. */
  readonly targetState: string | null;
  readonly line: number;
}

/** What the log tells of a package, last mentioned first. */
export interface ServicingPackage {
  /** `Package_for_RollupFix~31bf3856ad364e35~amd64~~26100.4061.1.12`. */
  readonly identity: string;
  /** `KB5020683`; null when the name holds none, as with cumulative updates. */
  readonly knowledgeBase: string | null;
  readonly state: string | null;
  readonly targetState: string | null;
  /** How work on it ended, `0x0` or an HRESULT; null when the log does not tell. */
  readonly result: string | null;
  readonly changes: readonly PackageChange[];
  readonly line: number;
}

/** What CBS.log or dism.log says, newest first. */
export interface ServicingLog {
  readonly format: 'servicing-log';
  readonly kind: 'cbs' | 'dism';
  readonly encoding: TextEncoding;
  readonly sessions: readonly ServicingSession[];
  readonly packages: readonly ServicingPackage[];
  readonly failures: readonly ServicingFailure[];
  /** The newest failure with a code; null when nothing failed. */
  readonly lastFailure: ServicingFailure | null;
  /** Where servicing over a restart stands, `CbsExecuteStateInitiateRollback`; null when the log does not tell. */
  readonly executeState: {
    readonly state: string;
    readonly atLocal: string | null;
    readonly line: number;
  } | null;
  readonly problems: readonly LogProblem[];
}

export type ServicingLogResult =
  { readonly ok: true; readonly log: ServicingLog } | { readonly ok: false; readonly problem: LogProblem };
