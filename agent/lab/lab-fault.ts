import type { LabTree } from './lab-tree.ts';

/** Why a start of Windows ends on a blue screen. */
export interface LabCrash {
  /** Driver that is loaded last. */
  readonly driver: string;
  readonly buildDump: (capturedAt: Date) => Uint8Array;
}

/** A piece of software of a lab machine that can fail at start; it judges from contents of files alone. */
export interface LabFault {
  readonly findCrash: (tree: LabTree) => LabCrash | undefined;
}
