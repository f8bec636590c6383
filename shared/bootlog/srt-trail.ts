import type { LogProblem, TextEncoding } from './boot-log.ts';

/** One test or repair of Startup Repair. Names are in the language of that Windows; the error code is Win32. */
export interface SrtStep {
  readonly name: string;
  /** Result sentence in the machine's language, without the code. */
  readonly result: string;
  /** `0x0` is success; null when the line holds no code. */
  readonly errorCode: string | null;
  readonly timeMs: number | null;
  readonly line: number;
}

export interface SrtRootCause {
  readonly text: string;
  readonly line: number;
}

export interface SrtSession {
  readonly line: number;
  readonly systemDisk: string | null;
  readonly windowsDirectory: string | null;
  readonly tests: readonly SrtStep[];
  readonly rootCauses: readonly SrtRootCause[];
  readonly repairActions: readonly SrtStep[];
}

/** What SrtTrail.txt says: sessions in file order, so the newest is the last. */
export interface SrtTrail {
  readonly format: 'srt-trail';
  readonly encoding: TextEncoding;
  readonly attempts: number | null;
  /** As written, in the machine's own date format. */
  readonly lastBootTimeText: string | null;
  readonly sessions: readonly SrtSession[];
  readonly problems: readonly LogProblem[];
}

export type SrtTrailResult =
  { readonly ok: true; readonly trail: SrtTrail } | { readonly ok: false; readonly problem: LogProblem };
