import type { Place } from '../facts/place.ts';
import type { Range } from '../facts/range.ts';
import type { Span } from './diagnostic.ts';
import type { EvidenceKind } from '../wire/evidence.ts';
import type { HiveName } from './offline-registry.ts';
import type { AskedPackageState } from './servicing-state.ts';
import type { ServiceSubject, StartKind } from './service-settings.ts';

/** A line of the script that says something, with the comment lines above it. */
export interface Statement {
  /** Counted from 1. */
  readonly line: number;
  readonly span: Span;
  readonly comments: readonly string[];
}

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

export type Condition = ConditionGroup | SingleCondition;

/** `any of`, `all of` or `none of` with a body of conditions, one a line. */
export interface ConditionGroup {
  readonly kind: 'any' | 'all' | 'none';
  readonly line: number;
  readonly span: Span;
  readonly conditions: readonly ConditionLine[];
}

/** A condition on a line of its own in the body of a group. */
export interface ConditionLine extends Statement {
  readonly condition: Condition;
}

export type SingleCondition =
  | DriverVersionCondition
  | ServiceStartCondition
  | FilterNamesCondition
  | RegistryValueCondition
  | RegistryEntryCondition
  | RegistryKeyCondition
  | FileCondition
  | CrashModuleCondition
  | CrashCodeCondition
  | CrashProcessCondition
  | WindowsBuildCondition
  | WindowsRevisionCondition
  | WindowsKindCondition
  | UpdateStateCondition
  | PackageStateCondition
  | FreeSpaceCondition;

interface ConditionPlace {
  readonly line: number;
  readonly span: Span;
}

/** `driver NAME version RANGE`. */
export interface DriverVersionCondition extends ConditionPlace {
  readonly kind: 'driver-version';
  readonly driver: string;
  readonly version: Extent<string>;
}

/** `driver NAME is START`, `service NAME is START`. */
export interface ServiceStartCondition extends ConditionPlace {
  readonly kind: 'service-start';
  readonly subject: ServiceSubject;
  readonly name: string;
  readonly start: StartKind;
}

/** `[no] filter names NAME`. */
export interface FilterNamesCondition extends ConditionPlace {
  readonly kind: 'filter-names';
  readonly no: boolean;
  readonly driver: string;
}

/** `registry KEY value NAME is …`. */
export interface RegistryValueCondition extends ConditionPlace {
  readonly kind: 'registry-value';
  readonly value: RegistryValue;
  readonly is: 'present' | 'absent' | RegistryContent;
}

/** `registry key KEY is present`. */
export interface RegistryKeyCondition extends ConditionPlace {
  readonly kind: 'registry-key';
  readonly key: RegistryKey;
  readonly is: 'present' | 'absent';
}

/** `registry KEY value NAME has [no] entry "…"`. */
export interface RegistryEntryCondition extends ConditionPlace {
  readonly kind: 'registry-entry';
  readonly value: RegistryValue;
  readonly no: boolean;
  readonly entry: string;
}

/** `[no] file PATH, written …, size …, version …`. */
export interface FileCondition extends ConditionPlace {
  readonly kind: 'file';
  readonly no: boolean;
  readonly path: FilePath;
  readonly traits: FileTraits;
}

/** `crash module is NAME`. */
export interface CrashModuleCondition extends ConditionPlace {
  readonly kind: 'crash-module';
  readonly module: string;
}

/** `crash code is 0x50`. */
export interface CrashCodeCondition extends ConditionPlace {
  readonly kind: 'crash-code';
  /** As the fact `crash.code` writes it. */
  readonly code: string;
}

/** `windows build RANGE`. */
export interface WindowsBuildCondition extends ConditionPlace {
  readonly kind: 'windows-build';
  readonly build: Extent<number>;
}

/** `windows revision RANGE`. */
export interface WindowsRevisionCondition extends ConditionPlace {
  readonly kind: 'windows-revision';
  readonly revision: Extent<number>;
}

/** `windows edition is NAME`, `windows architecture is x64`, `windows product is server`. */
export interface WindowsKindCondition extends ConditionPlace {
  readonly kind: 'windows-kind';
  readonly trait: 'edition' | 'architecture' | 'product';
  readonly value: string;
}

/** `update KB is STATE`. */
export interface UpdateStateCondition extends ConditionPlace {
  readonly kind: 'update-state';
  readonly update: string;
  readonly state: AskedPackageState;
}

/** `package IDENTITY is STATE`. */
export interface PackageStateCondition extends ConditionPlace {
  readonly kind: 'package-state';
  readonly identity: string;
  readonly state: AskedPackageState;
}

/** `free space RANGE`, of the Windows volume. */
export interface FreeSpaceCondition extends ConditionPlace {
  readonly kind: 'free-space';
  readonly sizeBytes: Extent<number>;
}

/** `crash process is NAME`. */
export interface CrashProcessCondition extends ConditionPlace {
  readonly kind: 'crash-process';
  readonly process: string;
}

/** `KEY`, written from below its hive on. */
export interface RegistryKey {
  readonly hive: HiveName;
  readonly key: string;
  readonly span: Span;
}

/** `KEY value NAME`; the default value has the empty name. */
export interface RegistryValue extends RegistryKey {
  readonly name: string;
}

/** What a value holds, by the words that scripts have for the types of the registry. */
export type RegistryContent =
  /** REG_DWORD. */
  | { readonly kind: 'number'; readonly number: number }
  /** REG_QWORD, in decimal digits: larger than a number can be exact. */
  | { readonly kind: '64-bit number'; readonly digits: string }
  /** REG_SZ and REG_EXPAND_SZ. */
  | { readonly kind: 'text' | 'expandable text'; readonly text: string }
  /** REG_MULTI_SZ. */
  | { readonly kind: 'texts'; readonly texts: readonly string[] }
  /** REG_BINARY, as hex digits in lower case. */
  | { readonly kind: 'binary'; readonly hex: string };

/** One value or a half-open range of values. */
export type Extent<Value> = { readonly exactly: Value } | Range<Value>;

/** What is asked of a file besides its name. */
export interface FileTraits {
  /** Instants in milliseconds since 1970, UTC. */
  readonly written?: Range<number>;
  readonly sizeBytes?: Extent<number>;
  /** File version of its version resource. */
  readonly version?: Extent<string>;
  /** SHA-256 of the whole file, 64 hex digits. */
  readonly sha256?: string;
}

/** A folder below a place. */
export interface FolderPath {
  readonly place: Place;
  readonly folders: readonly string[];
  readonly span: Span;
}

/** A file, or with wildcards in its name a set of files of one folder. */
export interface FilePath extends FolderPath {
  readonly name: string;
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

/** `set registry KEY value NAME to …, clause`. */
export interface SetRegistryAction extends Statement {
  readonly verb: 'set registry';
  readonly value: RegistryValue;
  readonly content: RegistryContent;
  /** Whether the key is made where it is missing. */
  readonly creating: boolean;
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

/** `add filter entry NAME to upper filters of CLASS, before NAME`. */
export interface AddFilterEntryAction extends Statement {
  readonly verb: 'add filter entry';
  readonly driver: string;
  readonly list: 'upper' | 'lower';
  /** Name or GUID in braces. */
  readonly deviceClass: string;
  /** The driver in the list that it stands before; last without one. */
  readonly before?: string;
}

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
export const actionsOf = (script: Script): readonly Action[] =>
  script.steps.flatMap((step): readonly Action[] => (step.verb === 'in' ? step.actions : [step]));

/** The actions of a script that take files away from their names, in the order in which they run. */
export const fileActionsOf = (script: Script): readonly (DeleteAction | RenameAction)[] =>
  actionsOf(script).filter(action => action.verb === 'delete' || action.verb === 'rename');

/** The risk that the author stated; a script that states none touches single files reversibly: low. */
export const riskOf = (script: Script): Risk => script.about?.risk?.value ?? 'low';
