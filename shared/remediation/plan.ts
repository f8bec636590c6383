import type { Verdict } from '../facts/verdict.ts';
import type { HiveEdit } from '../registry/hive-edit.ts';
import type { EvidenceKind } from '../wire/evidence.ts';
import type { HiveName } from './offline-registry.ts';
import type { Action } from './syntax-tree.ts';
import type { ToolRun } from './tools/tool-run.ts';

/** One file, or one value of the registry, and what becomes of it; or one run of a tool, which changes what it will. */
export type PlannedChange = FileChange | CopyChange | RegistryChange | HiveChange | ToolChange | Notice;

/** One file and what becomes of it. Paths are absolute, as the volume spells them. */
export interface FileChange {
  readonly kind: 'delete' | 'rename';
  readonly path: string;
  readonly toPath?: string;
  readonly sizeBytes: number;
  readonly writtenAtMs: number;
}

/** A new file at `path`, a copy of another. Size and time are those of what it replaces, else 0. */
export interface CopyChange {
  readonly kind: 'copy';
  readonly path: string;
  readonly fromPath: string;
  readonly toPath?: never;
  readonly sizeBytes: number;
  readonly writtenAtMs: number;
  readonly replaces: boolean;
  /** Size of the file that is copied. */
  readonly copiedBytes: number;
  /** SHA-256 of the file that is copied; absent where nobody could hash it. */
  readonly sha256?: string;
}

/** One value of the registry. All edits of one hive are made together, in a new file that takes its place. */
export interface RegistryChange {
  readonly kind: 'edit-registry';
  readonly hive: HiveName;
  /** The file of the hive as it was when the plan was made. */
  readonly path: string;
  readonly toPath?: never;
  readonly sizeBytes: number;
  readonly writtenAtMs: number;
  readonly edit: HiveEdit;
  /** `ControlSet001\Services\cntflt Start: boot-start → disabled`. */
  readonly what: string;
}

/** A whole hive that takes the place of one: the same with its logs replayed, or another file. */
export interface HiveChange {
  readonly kind: 'swap-hive';
  readonly hive: HiveName;
  /** The file of the hive as it was when the plan was made. */
  readonly path: string;
  /** The file that it is made from; absent for the hive itself. */
  readonly fromPath?: string;
  readonly toPath?: never;
  readonly sizeBytes: number;
  readonly writtenAtMs: number;
  /** As `SYSTEM: 3 entries of LOG1 replayed`. */
  readonly what: string;
}

/** One run of a tool. What it changes is its own affair; `what` says what it is run for. */
export interface ToolChange {
  readonly kind: 'run-tool';
  /** One-way runs cross the point of no return; repeatable ones are run again until they succeed. */
  readonly class: 'repeatable' | 'one-way';
  readonly run: ToolRun;
  /** Where it shows whether it did what it was run for: on the volume, or in the word of the tool alone. */
  readonly proof: 'volume' | 'tool';
  /** The Windows directory that it works on. */
  readonly path: string;
  readonly toPath?: never;
  readonly sizeBytes?: never;
  readonly writtenAtMs?: never;
  readonly what: string;
  /** What it leaves in the registry when it does what it is run for, for a trial; nobody else makes this edit. */
  readonly leaves?: { readonly hive: HiveName; readonly edit: HiveEdit };
}

/** Something that is told and changes nothing. `path` is the Windows directory. */
export type Notice = EvidenceNotice | MessageNotice;

/** Evidence that goes to the server with the report. */
export interface EvidenceNotice {
  readonly kind: 'collect-evidence';
  readonly evidence: EvidenceKind;
  readonly path: string;
  readonly toPath?: never;
  readonly sizeBytes?: never;
  readonly writtenAtMs?: never;
  readonly what: string;
}

/** A sentence for the person before the machine. */
export interface MessageNotice {
  readonly kind: 'show-message';
  readonly seconds: number;
  readonly path: string;
  readonly toPath?: never;
  readonly sizeBytes?: never;
  readonly writtenAtMs?: never;
  readonly what: string;
}

/** What one line of the script comes to on this volume; no changes when nothing matched. */
export interface PlannedStep {
  readonly line: number;
  readonly action: Action['verb'];
  readonly changes: readonly PlannedChange[];
}

/** Why a script does not apply to this machine. */
export type NotApplicableCode = 'guard-failed' | 'guard-unknown';

/** Why a plan does not stand. */
export type RefusedCode =
  | 'too-many-files'
  | 'too-many-bytes'
  | 'too-many-keys'
  | 'protected-place'
  | 'launch-place'
  | 'file-of-windows'
  | 'link-on-path'
  | 'short-name'
  | 'not-a-file'
  | 'not-a-folder'
  | 'unreadable-folder'
  | 'unknown-version'
  | 'unknown-hash'
  | 'target-exists'
  | 'several-sources'
  | 'quarantine-unknown'
  | 'source-does-not-fit'
  | 'backup-not-usable'
  | 'windows-too-old'
  | 'changed-twice'
  | 'boot-critical'
  | 'filter-still-listed'
  | 'driver-not-ready'
  | 'registry-unknown'
  | 'registry-not-editable'
  | 'servicing-unknown'
  | 'package-permanent'
  | 'program-missing'
  | 'program-changed'
  | 'not-a-program'
  | 'interpreter';

/** What a script comes to on this machine. Only `plan` may be applied, whole or not at all. */
export type PlanResult =
  | {
      readonly kind: 'plan';
      readonly steps: readonly PlannedStep[];
      readonly reboot: boolean;
      /** What the person before the machine reads. */
      readonly tell?: string;
    }
  | {
      readonly kind: 'not-applicable';
      readonly code: NotApplicableCode;
      readonly line: number;
      readonly reason: string;
    }
  | {
      readonly kind: 'refused';
      readonly code: RefusedCode;
      readonly line: number;
      readonly reason: string;
    }
  | {
      readonly kind: 'nothing-to-do';
      readonly code: 'no-match';
      readonly line: number;
      readonly reason: string;
    };

/** Whether what a line promised is true on the volume. */
export interface ProofFinding {
  readonly line: number;
  readonly verdict: Verdict;
  readonly reason: string;
}

/** All promises of a script after it was applied. */
export interface ProofResult {
  readonly verdict: Verdict;
  readonly findings: readonly ProofFinding[];
}

/** Reasons travel in an outcome message, where a line has at most this many characters. */
export const maxReasonLength = 512;
export const clipReason = (reason: string): string =>
  reason.length <= maxReasonLength ? reason : `${reason.slice(0, maxReasonLength - 1)}…`;
