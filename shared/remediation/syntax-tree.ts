import type { EvidenceKind } from '../wire/evidence.ts';
import type { HiveName } from './offline-registry.ts';
import type { ServiceSubject, StartKind } from './service-settings.ts';
import type { Condition } from './condition-tree.ts';
import type {
  FilePath,
  FileTraits,
  FolderPath,
  RegistryContent,
  RegistryKey,
  RegistryValue,
  Statement,
} from './tree-parts.ts';

/** A whole script, in its fixed order: about, require, do, verify, reboot. */
export interface Script {
  readonly about?: About;
  readonly guards: readonly Guard[];
  readonly steps: readonly Step[];
  readonly proofs: readonly Proof[];
  readonly reboot?: Statement;
  /** Comment lines after the last statement. */
  readonly closingComments: readonly string[];
}

export const risks = ['low', 'medium', 'high'] as const;
export type Risk = (typeof risks)[number];

/** `remediation "…"` and its fields. */
export interface About extends Statement {
  readonly title: string;
  readonly risk?: Field<Risk>;
  /** Where the remedy was published. */
  readonly sources: readonly Field<string>[];
  /** What the person before the machine reads. */
  readonly tell?: Field<string>;
}

export interface Field<Value> extends Statement {
  readonly value: Value;
}

/** `require …`: the script applies only where the condition is known to hold. */
export interface Guard extends Statement {
  readonly condition: Condition;
}

/** `verify …`: what must be true when everything is done. */
export interface Proof extends Statement {
  readonly condition: Condition;
}

export type Step = InStep | Action;

/** `in PLACE` with a body of actions. */
export interface InStep extends Statement {
  readonly verb: 'in';
  readonly folder: FolderPath;
  readonly actions: readonly FileAction[];
}

export type Action =
  | FileAction
  | RestoreAction
  | RestoreHiveAction
  | RollBackKnownIssueAction
  | ReplayHivesAction
  | ClearTransactionLogsAction
  | DisableAction
  | EnableAction
  | SetRegistryAction
  | RemoveRegistryAction
  | RemoveRegistryKeyAction
  | AddRegistryEntryAction
  | RemoveRegistryEntryAction
  | RemoveFilterEntryAction
  | AddFilterEntryAction
  | SetBootOptionAction
  | ClearBootOptionAction
  | RepairAction
  | RemovePackageAction
  | RemoveUpdateAction
  | RemoveDriverPackageAction
  | RevertPendingAction
  | RunAction
  | CollectAction
  | MessageAction;

/** Actions on files, which can stand in the body of `in`. */
export type FileAction = DeleteAction | RenameAction | CopyAction;

/** `delete PATH, clause, …`. The path is whole, also inside `in`. */
export interface DeleteAction extends Statement {
  readonly verb: 'delete';
  readonly path: FilePath;
  readonly traits: FileTraits;
  readonly limits: Limits;
  /** The explicit word for files of Windows. */
  readonly includingWindows: boolean;
}

/** `rename PATH to NAME, clause, …`. */
export interface RenameAction extends Statement {
  readonly verb: 'rename';
  readonly path: FilePath;
  readonly toName: string;
  readonly traits: FileTraits;
  readonly includingWindows: boolean;
}

/** `copy PATH to PATH, clause, …`. */
export interface CopyAction extends Statement {
  readonly verb: 'copy';
  readonly path: FilePath;
  readonly to: FilePath;
  /** What the file that is copied must be like. */
  readonly traits: FileTraits;
  readonly replacing: boolean;
  /** The explicit word for replacing a file of Windows. */
  readonly includingWindows: boolean;
}

/** `restore PATH from driver store, clause, …`, `restore PATH from quarantine, …`, `restore PATH from PATH, …`. */
export interface RestoreAction extends Statement {
  readonly verb: 'restore';
  readonly path: FilePath;
  readonly from: RestoreSource;
  /** What the file that comes back must be like. */
  readonly traits: FileTraits;
  /** The explicit word for replacing a file of Windows. */
  readonly includingWindows: boolean;
}

/** Where a file comes back from. */
export type RestoreSource = 'driver store' | 'quarantine' | FilePath;

/** `restore hive NAME from RegBack`. */
export interface RestoreHiveAction extends Statement {
  readonly verb: 'restore hive';
  readonly hive: HiveName;
}

/** `roll back known issue 1234567890`. */
export interface RollBackKnownIssueAction extends Statement {
  readonly verb: 'roll back known issue';
  /** A number in decimal, as values are named. */
  readonly feature: string;
}

/** `replay hives`. */
export interface ReplayHivesAction extends Statement {
  readonly verb: 'replay hives';
}

/** `clear transaction logs`. */
export interface ClearTransactionLogsAction extends Statement {
  readonly verb: 'clear transaction logs';
}

/** `disable driver NAME, clause, …`, `disable service NAME, clause`. */
export interface DisableAction extends Statement {
  readonly verb: 'disable';
  readonly subject: ServiceSubject;
  readonly name: string;
  readonly removingFilterEntries: boolean;
  /** The explicit word for what Windows cannot start without. */
  readonly acceptingNoStart: boolean;
}

/** `enable driver NAME as START`, `enable service NAME as START`. */
export interface EnableAction extends Statement {
  readonly verb: 'enable';
  readonly subject: ServiceSubject;
  readonly name: string;
  readonly start: Exclude<StartKind, 'disabled'>;
}

/** `set registry KEY value NAME to …, clause, …`. */
export interface SetRegistryAction extends Statement {
  readonly verb: 'set registry';
  readonly value: RegistryValue;
  readonly content: RegistryContent;
  /** Whether the key is made where it is missing. */
  readonly creating: boolean;
  /** Whether a value of another type is replaced, type and all. */
  readonly replacingType: boolean;
}

/** `remove registry KEY value NAME`. */
export interface RemoveRegistryAction extends Statement {
  readonly verb: 'remove registry';
  readonly value: RegistryValue;
}

/** `remove registry key KEY, at most N keys`. */
export interface RemoveRegistryKeyAction extends Statement {
  readonly verb: 'remove registry key';
  readonly key: RegistryKey;
  readonly limits: Limits;
}

/** `add registry entry "…" to KEY value NAME`. */
export interface AddRegistryEntryAction extends Statement {
  readonly verb: 'add registry entry';
  readonly entry: string;
  readonly value: RegistryValue;
}

/** `remove registry entry "…" from KEY value NAME`. */
export interface RemoveRegistryEntryAction extends Statement {
  readonly verb: 'remove registry entry';
  readonly entry: string;
  readonly value: RegistryValue;
}

/** `remove filter entry NAME`. */
export interface RemoveFilterEntryAction extends Statement {
  readonly verb: 'remove filter entry';
  readonly driver: string;
}

/** `add filter entry NAME to upper filters of CLASS, before NAME`, `… of devices DEVICE, …`. */
export interface AddFilterEntryAction extends Statement {
  readonly verb: 'add filter entry';
  readonly driver: string;
  readonly list: 'upper' | 'lower';
  readonly of: FilterOwner;
  /** The driver in the list that it stands before; last without one. */
  readonly before?: string;
}

/** Whose filters they are: a device class, or all devices of one kind. */
export type FilterOwner =
  /** Name or GUID in braces. */
  | { readonly kind: 'class'; readonly name: string }
  /** Bus and device as below Enum: `USB\\VID_1532&PID_0084`. */
  | { readonly kind: 'devices'; readonly name: string };

/** `set boot option safe mode with network`. */
export interface SetBootOptionAction extends Statement {
  readonly verb: 'set boot option';
  readonly option: BootOption;
}

/** `clear boot option safe mode`. */
export interface ClearBootOptionAction extends Statement {
  readonly verb: 'clear boot option';
  readonly option: Exclude<BootOption, 'safe mode with network'>;
}

/** What the boot loader is told about the Windows that was found. */
export type BootOption = 'safe mode' | 'safe mode with network' | 'boot log';

/** `repair system files`, `repair file system`, `repair boot files`. */
export type RepairAction =
  RepairBy<'repair system files'> | RepairBy<'repair file system'> | RepairBy<'repair boot files'>;

export interface RepairBy<Verb extends string> extends Statement {
  readonly verb: Verb;
}

/** `remove package IDENTITY, accepting no undo`. */
export interface RemovePackageAction extends Statement {
  readonly verb: 'remove package';
  readonly identity: string;
  readonly acceptingNoUndo: boolean;
}

/** `remove update KB5021233, accepting no undo`. */
export interface RemoveUpdateAction extends Statement {
  readonly verb: 'remove update';
  readonly update: string;
  readonly acceptingNoUndo: boolean;
}

/** `remove driver package oem12.inf, accepting no undo`. */
export interface RemoveDriverPackageAction extends Statement {
  readonly verb: 'remove driver package';
  readonly file: string;
  readonly acceptingNoUndo: boolean;
}

/** `revert pending updates, accepting no undo`. */
export interface RevertPendingAction extends Statement {
  readonly verb: 'revert pending updates';
  readonly acceptingNoUndo: boolean;
}

/** `run PATH with "…" "…", sha256 HASH, at most N minutes, succeeds on 0 or 3010, accepting no undo`. */
export interface RunAction extends Statement {
  readonly verb: 'run';
  readonly path: FilePath;
  /** One element is one argument, as it is written: places in it are not yet those of the found Windows. */
  readonly arguments: readonly string[];
  /** The bytes of the program. A script without it is not sound. */
  readonly sha256?: string;
  /** A script without it is not sound. */
  readonly minutes?: number;
  /** Exit codes that mean success; 0 alone where the line says none. */
  readonly succeedsOn?: readonly number[];
  readonly acceptingNoUndo: boolean;
}

/** `collect boot log`. */
export interface CollectAction extends Statement {
  readonly verb: 'collect';
  readonly evidence: EvidenceKind;
}

/** `message "…" for N seconds`. */
export interface MessageAction extends Statement {
  readonly verb: 'message';
  readonly text: string;
  readonly seconds?: number;
}

/** `at most N files`, `at most N MB`, `at most N keys`. */
export interface Limits {
  readonly files?: number;
  readonly bytes?: number;
  readonly keys?: number;
}

/** The actions of a script in the order in which they run. */
export const actionsOf = ({ steps }: Script): readonly Action[] =>
  steps.every(isAction)
    ? steps
    : steps.flatMap((step): readonly Action[] => (isAction(step) ? [step] : step.actions));

const isAction = (step: Step): step is Action => step.verb !== 'in';

/** The actions of a script that take files away from their names, in the order in which they run. */
export const fileActionsOf = (script: Script): readonly (DeleteAction | RenameAction)[] =>
  actionsOf(script).filter(action => action.verb === 'delete' || action.verb === 'rename');

/** The risk that the author stated; a script that states none touches single files reversibly: low. */
export const riskOf = (script: Script): Risk => script.about?.risk?.value ?? 'low';
