import type { ConditionDefinition, Decision, Machine } from './conditions/condition-definition.ts';
import { crashCode } from './conditions/crash-code.ts';
import { crashModule } from './conditions/crash-module.ts';
import { crashProcess } from './conditions/crash-process.ts';
import { driverVersion } from './conditions/driver-version.ts';
import { file } from './conditions/file.ts';
import { filterNames } from './conditions/filter-names.ts';
import { freeSpace } from './conditions/free-space.ts';
import { packageState } from './conditions/package-state.ts';
import { registryEntry } from './conditions/registry-entry.ts';
import { registryKey } from './conditions/registry-key.ts';
import { registryValue } from './conditions/registry-value.ts';
import { serviceStart } from './conditions/service-start.ts';
import { updateState } from './conditions/update-state.ts';
import { windowsBuild } from './conditions/windows-build.ts';
import { windowsKind } from './conditions/windows-kind.ts';
import { windowsRevision } from './conditions/windows-revision.ts';
import type { SingleCondition } from './condition-tree.ts';

type OfKind<Kind extends SingleCondition['kind']> = Extract<SingleCondition, { kind: Kind }>;

/** Every kind of condition there is. Parser, printer, documentation and tests read this table. */
export const conditionTable: {
  readonly [Kind in SingleCondition['kind']]: ConditionDefinition<OfKind<Kind>>;
} = {
  file,
  'driver-version': driverVersion,
  'service-start': serviceStart,
  'filter-names': filterNames,
  'registry-value': registryValue,
  'registry-entry': registryEntry,
  'registry-key': registryKey,
  'crash-module': crashModule,
  'crash-code': crashCode,
  'crash-process': crashProcess,
  'windows-build': windowsBuild,
  'windows-revision': windowsRevision,
  'windows-kind': windowsKind,
  'update-state': updateState,
  'package-state': packageState,
  'free-space': freeSpace,
};

type AnyDefinition = ConditionDefinition<SingleCondition>;

/** All definitions, in the order of the documentation. */
export const conditionDefinitions: readonly AnyDefinition[] = Object.values(
  conditionTable,
) as unknown as AnyDefinition[];

// The table holds for each kind the definition of that kind; the compiler cannot follow that through a lookup.
export const definitionOfCondition = (condition: SingleCondition): AnyDefinition =>
  conditionTable[condition.kind] as unknown as AnyDefinition;

/** Decides one condition on a machine. */
export const decideSingle = (condition: SingleCondition, machine: Machine): Decision =>
  definitionOfCondition(condition).decide(condition, machine);
