import type { EventLogProblem } from './event-log.ts';

/** Where a reading stands in the log. */
export interface SystemEventPlace {
  readonly recordId: number;
  /** UTC; null when the record does not tell. */
  readonly at: string | null;
  readonly provider: string;
  readonly eventId: number;
}

/**
 * What one event of System.evtx says about starts, stops, crashes and updates. 64-bit values are hex texts. Windows
 * writes crash and dirty start only after the next good start: a machine that loops has them of its earlier crashes.
 */
export type SystemReading =
  | {
      readonly kind: 'crash';
      readonly code: string;
      readonly parameters: readonly string[];
      readonly dumpPath: string | null;
      readonly reportId: string | null;
    }
  | {
      readonly kind: 'dirty-start';
      /** Code of the crash before; null when Windows knew none, as after a power cut. */
      readonly code: string | null;
      readonly parameters: readonly string[];
      readonly wasAsleep: boolean | null;
      readonly powerButtonPressedAt: string | null;
    }
  | {
      readonly kind: 'update';
      readonly step: 'installed' | 'failed' | 'started' | 'downloading';
      readonly title: string;
      /** `KB5021233`; null when the title names none. */
      readonly knowledgeBase: string | null;
      readonly errorCode: string | null;
      readonly updateId: string | null;
    }
  | { readonly kind: 'unexpected-stop'; /** Last sign of life, UTC. */ readonly lastAliveAt: string | null }
  | { readonly kind: 'log-started' }
  | { readonly kind: 'log-stopped' }
  | {
      readonly kind: 'asked-to-stop';
      readonly process: string | null;
      readonly reason: string | null;
      readonly reasonCode: string | null;
      /** `restart` or `power off`, in the language of that Windows. */
      readonly action: string | null;
    }
  | { readonly kind: 'no-dump-possible'; readonly device: string | null }
  | {
      /** Drivers that did not load; also a healthy start has some. */
      readonly kind: 'drivers-not-loaded';
      readonly drivers: readonly string[];
      readonly device: string | null;
      /** NTSTATUS, `0xc0000365`. */
      readonly status: string | null;
    }
  | {
      readonly kind: 'recovery-image-not-updated';
      /** 2 is: no space on the recovery partition. */
      readonly phase: number | null;
      readonly errorCode: string | null;
    }
  | {
      readonly kind: 'start';
      readonly osBuild: number | null;
      readonly osRevision: number | null;
      readonly startedAt: string | null;
    }
  | { readonly kind: 'stop'; readonly stoppedAt: string | null }
  | { readonly kind: 'start-type'; readonly type: 'cold' | 'fast-startup' | 'resume' | null }
  | {
      readonly kind: 'state-before-start';
      readonly wasStopGood: boolean | null;
      readonly wasStartGood: boolean | null;
    };

export type SystemReadingKind = SystemReading['kind'];

/** A reading with its place in the log. */
export type SystemEvent = SystemEventPlace & SystemReading;

/** What System.evtx says about starts, stops, crashes and updates, newest first. */
export interface SystemEvents {
  readonly format: 'system-events';
  readonly isDirty: boolean;
  readonly recordCount: number;
  readonly events: readonly SystemEvent[];
  readonly problems: readonly EventLogProblem[];
}

export type SystemEventsResult =
  | { readonly ok: true; readonly log: SystemEvents }
  | { readonly ok: false; readonly problem: EventLogProblem };
