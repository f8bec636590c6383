import type { FileOffset } from '../bytes/byte-source.ts';

/** What is wrong with the bytes of an event log. */
export type EventLogProblemCode =
  | 'not-an-event-log'
  | 'too-short'
  | 'version-not-covered'
  | 'header-checksum-wrong'
  | 'cut-off'
  | 'chunk-broken'
  | 'chunk-checksum-wrong'
  | 'records-checksum-wrong'
  | 'record-broken'
  | 'records-past-the-end'
  | 'xml-broken'
  | 'log-too-long'
  | 'too-many-events'
  | 'too-much-work';

/** The kind of structure that a problem was found in. */
export type EventLogStructure = 'file-header' | 'chunk' | 'record' | 'binary-xml';

/** One thing that is wrong in an event log, with the place in the file where it shows. */
export interface EventLogProblem {
  readonly code: EventLogProblemCode;
  readonly message: string;
  readonly offset: FileOffset;
  readonly structure: EventLogStructure;
}

/** What an event is, before its data: enough to tell whether the rest is wanted. */
export interface EventHead {
  /** Name of the provider as written, `Microsoft-Windows-Kernel-Power`. */
  readonly provider: string;
  readonly eventId: number;
}

/** One value of an event; classic events have values without names. */
export interface EventValue {
  readonly name: string | null;
  readonly value: string;
}

/** One event as its record tells it; texts are without control characters. */
export interface LoggedEvent extends EventHead {
  readonly recordId: number;
  /** Name under which older programs wrote the same events, `BugCheck`. */
  readonly eventSource: string | null;
  /** 1 critical, 2 error, 3 warning, 4 information; null when the record does not tell. */
  readonly level: number | null;
  /** When it happened, UTC; null when neither the event nor its record tells. */
  readonly at: string | null;
  readonly computer: string | null;
  readonly data: readonly EventValue[];
  /** Found by search in a damaged chunk, or past what the header of its chunk admits. */
  readonly isRecovered: boolean;
  readonly offset: FileOffset;
}

/** What an .evtx file says. */
export interface EventLog {
  readonly format: 'event-log';
  /** `3.1` or `3.2`. */
  readonly version: string;
  /** Windows had the log open when it last wrote: normal after a crash, and the header lags behind. */
  readonly isDirty: boolean;
  /** How many records were looked at, wanted or not. */
  readonly recordCount: number;
  /** Newest first. */
  readonly events: readonly LoggedEvent[];
  readonly problems: readonly EventLogProblem[];
}

export type EventLogResult =
  { readonly ok: true; readonly log: EventLog } | { readonly ok: false; readonly problem: EventLogProblem };

const maxProblems = 64;

/** Collects problems, bounded however damaged the log is. */
export class EventLogProblems {
  readonly list: EventLogProblem[] = [];

  add(code: EventLogProblemCode, structure: EventLogStructure, offset: FileOffset, message: string): void {
    if (this.list.length < maxProblems) this.list.push({ code, message, offset, structure });
  }
}
