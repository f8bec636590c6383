import type { FileOffset } from '../bytes/byte-source.ts';

/** Something in bootstat.dat that could not be read or does not add up. */
export interface BootStatusProblem {
  readonly code: 'not-a-boot-status' | 'cut-off' | 'version-not-covered' | 'entry-broken';
  readonly message: string;
  readonly offset: FileOffset;
}

/**
 * How sure a field is: `published` stands in a header that Microsoft published; `described` in a public description of
 * the format; `seen` follows from the order of a public list and agrees with all real files at hand.
 */
export type FieldConfidence = 'published' | 'described' | 'seen';

/** How the last start and stop of one Windows went, as its loader and kernel left it. */
export interface BootStatusData {
  /** Size of the structure as it tells itself; it grows with Windows: 56, 176, 192. */
  readonly sizeBytes: number;
  readonly productType: 'workstation' | 'domain-controller' | 'server' | null;
  /** Windows came up far enough to count its start as good. The loader clears it first. */
  readonly wasLastStartGood: boolean;
  /** Windows went down in order. False also while it runs, so in a file taken from a running machine. */
  readonly wasLastStopClean: boolean;
  readonly wasAsleep: boolean | null;
  readonly powerButtonPressedAt: string | null;
  /** Last moment the kernel wrote here, UTC. */
  readonly lastAliveAt: string | null;
  readonly startAttempts: number | null;
  /** Windows counts its starts: the number of the newest one. */
  readonly startNumber: number | null;
  /** Number of the newest start that ended in order. */
  readonly lastCleanStopNumber: number | null;
  /** As Windows names it; in most real files it equals the number before, so nothing is concluded from it. */
  readonly reportedAbnormalStopNumber: number | null;
}

export const bootStatusConfidence: Readonly<Record<keyof BootStatusData, FieldConfidence>> = {
  sizeBytes: 'published',
  productType: 'published',
  wasLastStartGood: 'published',
  wasLastStopClean: 'published',
  wasAsleep: 'seen',
  powerButtonPressedAt: 'seen',
  lastAliveAt: 'seen',
  startAttempts: 'seen',
  startNumber: 'seen',
  lastCleanStopNumber: 'seen',
  reportedAbnormalStopNumber: 'seen',
};

/** One entry of the log that boot manager and loader keep. */
export interface BootStatusEntry {
  readonly event:
    | 'log-started'
    | 'application-launched'
    | 'application-returned'
    | 'application-not-loaded'
    | 'boot-configuration-failed'
    | 'nothing-to-start'
    | 'general-failure'
    | 'other';
  readonly eventId: number;
  readonly isError: boolean;
  /** Local time of the machine, in the entry that starts a log; null in all others. */
  readonly atLocal: string | null;
  /** NTSTATUS of what failed. */
  readonly status: string | null;
  /** Boot application or boot configuration store that the entry is about. */
  readonly path: string | null;
  readonly offset: FileOffset;
}

/** What bootstat.dat says; of a file on the EFI partition only the log. */
export interface BootStatus {
  readonly format: 'boot-status';
  readonly status: BootStatusData | null;
  /** Newest first. */
  readonly entries: readonly BootStatusEntry[];
  readonly problems: readonly BootStatusProblem[];
}

export type BootStatusResult =
  | { readonly ok: true; readonly log: BootStatus }
  | { readonly ok: false; readonly problem: BootStatusProblem };
