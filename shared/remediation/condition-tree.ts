import type { Span } from './diagnostic.ts';
import type { ServiceSubject, StartKind } from './service-settings.ts';
import type { AskedPackageState } from './servicing-state.ts';
import type {
  Extent,
  FilePath,
  FileTraits,
  RegistryContent,
  RegistryKey,
  RegistryValue,
  Statement,
} from './tree-parts.ts';

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
