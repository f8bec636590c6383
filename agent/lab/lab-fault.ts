import type { LabTree } from './lab-tree.ts';

/** Why a start of Windows ends on a blue screen, in a driver. */
export interface LabCrash {
  readonly kind: 'crash';
  /** Driver that is loaded last. */
  readonly driver: string;
  /** How the boot log writes its path; `\SystemRoot\System32\drivers\NAME` unless told. */
  readonly driverPath?: string;
  /** Absent when it crashes before the page file is open: such a crash leaves no dump. */
  readonly buildDump?: (capturedAt: Date) => Uint8Array;
  /** What Startup Repair writes as the root cause, in English. */
  readonly rootCause?: string;
}

/** Why a start of Windows ends on a screen that names a status and no driver, as a program that is missing. */
export interface LabStop {
  readonly kind: 'stop';
  /** `0xc000021a`. */
  readonly status: string;
  /** Whether drivers were loaded, so that the boot log has a block. */
  readonly afterDrivers: boolean;
  /** What the loader failed at with that status, when it is the loader that stops: it notes so in bootstat.dat. */
  readonly loader?: string;
  readonly rootCause?: string;
}

/** A piece of software of a lab machine that can fail at start; it judges from contents of files alone. */
export interface LabFault {
  readonly find: (tree: LabTree) => LabCrash | LabStop | undefined;
}
