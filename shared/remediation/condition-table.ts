import type { ConditionDefinition, Decision, Machine } from './conditions/condition-definition.ts';
import { crashCode } from './conditions/crash-code.ts';
import { crashModule } from './conditions/crash-module.ts';
import { driverVersion } from './conditions/driver-version.ts';
import { file } from './conditions/file.ts';
import { filterNames } from './conditions/filter-names.ts';
import { registryValue } from './conditions/registry-value.ts';
import { serviceStart } from './conditions/service-start.ts';
import { windowsBuild } from './conditions/windows-build.ts';
import type { SingleCondition } from './syntax-tree.ts';

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
  'crash-module': crashModule,
  'crash-code': crashCode,
  'windows-build': windowsBuild,
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
