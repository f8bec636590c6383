import type { LogProblem } from './boot-log.ts';

/** What one pending.xml asks the next start to do. */
export interface PendingTransaction {
  readonly format: 'pending-transaction';
  /** Number that also stands in the COMPONENTS hive as PendingXmlIdentifier. */
  readonly identifier: string | null;
  readonly version: string | null;
  readonly servicingStackVersion: string | null;
  /** Whether anything is to be done; an empty transaction may be left behind. */
  readonly isPending: boolean;
  /** Packages that the transactions name, `Package_for_KB5020683~31bf3856ad364e35~amd64~~19041.2304.1.3`. */
  readonly packages: readonly string[];
  /** How many components are installed or removed. */
  readonly componentChanges: number;
  /** File and registry operations by name, `HardlinkFile`: how many. */
  readonly operations: Readonly<Record<string, number>>;
  /** What follows a queue of operations, `reboot`. */
  readonly actionsAfter: readonly string[];
  /** False when only the head of a longer file was read: counts are then at least so many. */
  readonly isWhole: boolean;
  readonly problems: readonly LogProblem[];
}

export type PendingTransactionResult =
  | { readonly ok: true; readonly transaction: PendingTransaction }
  | { readonly ok: false; readonly problem: LogProblem };
