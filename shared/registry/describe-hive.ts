import {
  type BitLockerPolicy,
  type BitLockerSettings,
  readBitLockerPolicy,
  readBitLockerSettings,
} from './bitlocker-settings.ts';
import { type BootConfiguration, readBootConfiguration } from './boot-configuration.ts';
import { type ComputerName, readComputerName } from './computer-name.ts';
import { type ControlSets, readControlSets } from './control-sets.ts';
import { type CrashControl, readCrashControl } from './crash-control.ts';
import { type FilterSetting, readFilters } from './filters.ts';
import { type HardwareSettings, readHardwareSettings } from './hardware-settings.ts';
import type { Hive } from './hive.ts';
import { findHiveKind, type HiveKind } from './hive-kind.ts';
import type { HiveProblem } from './hive-problem.ts';
import { readMachineGuid } from './machine-guid.ts';
import { type OsVersion, readOsVersion } from './os-version.ts';
import { readServicing, type Servicing } from './packages.ts';
import { type PendingRename, readPendingRenames } from './pending-renames.ts';
import { type Processor, readProcessor } from './processor.ts';
import type { RecoveredHive, RecoveryState, ReplayedLog } from './recover-hive.ts';
import { readSecurityProducts, type SecurityProduct } from './security-products.ts';
import { bootDrivers, readServices, type Service } from './services.ts';
import { readSetupState, type SetupState } from './setup-state.ts';
import { readUpdates, type Update } from './updates.ts';

/** A SYSTEM hive: how Windows starts. */
export interface SystemDescription {
  readonly controlSets: ControlSets;
  readonly computer: ComputerName;
  readonly processor: Processor;
  /** In load order. */
  readonly bootDrivers: readonly Service[];
  readonly services: readonly Service[];
  readonly filters: readonly FilterSetting[];
  readonly crashControl: CrashControl;
  readonly pendingRenames: readonly PendingRename[];
  readonly setup: SetupState;
  readonly bitLocker: BitLockerSettings;
  readonly hardware: HardwareSettings;
}

/** A SOFTWARE hive: what is installed. */
export interface SoftwareDescription {
  readonly os: OsVersion;
  readonly machineGuid: string | null;
  readonly servicing: Servicing;
  readonly updates: readonly Update[];
  readonly securityProducts: readonly SecurityProduct[];
  readonly bitLockerPolicy: BitLockerPolicy;
}

/** What a hive says, as far as it matters for a start that failed. */
export interface HiveDescription {
  readonly kind: HiveKind;
  /** End of the path the hive was loaded from. */
  readonly fileName: string;
  readonly version: string;
  readonly state: RecoveryState;
  readonly replayed: readonly ReplayedLog[];
  /** Whether transaction logs (TxR) belong to the hive too; they are not read. */
  readonly transactionsPending: boolean;
  readonly system: SystemDescription | null;
  readonly software: SoftwareDescription | null;
  readonly bootConfiguration: BootConfiguration | null;
  readonly problems: readonly HiveProblem[];
}

/** Finds out what a hive is and reads everything that matters for starting from it. */
export function describeHive({ hive, state, replayed, problems }: RecoveredHive): HiveDescription {
  const { baseBlock } = hive;
  const kind = findHiveKind(hive);
  const content = {
    system: kind === 'system' ? describeSystem(hive) : null,
    software: kind === 'software' ? describeSoftware(hive) : null,
    bootConfiguration: kind === 'boot-configuration' ? readBootConfiguration(hive) : null,
  };
  return {
    kind,
    fileName: baseBlock.fileName,
    version: `${baseBlock.majorVersion}.${baseBlock.minorVersion}`,
    state,
    replayed,
    transactionsPending: baseBlock.transactionsPending,
    ...content,
    problems: [...problems, ...hive.problems],
  };
}

function describeSystem(hive: Hive): SystemDescription {
  const controlSets = readControlSets(hive);
  const set = controlSets.path ?? 'ControlSet001';
  const services = readServices(hive, set);
  return {
    controlSets,
    computer: readComputerName(hive, set),
    processor: readProcessor(hive, set),
    bootDrivers: bootDrivers(services),
    services: services.services,
    filters: readFilters(hive, set).filters,
    crashControl: readCrashControl(hive, set),
    pendingRenames: readPendingRenames(hive, set),
    setup: readSetupState(hive, set),
    bitLocker: readBitLockerSettings(hive, set),
    hardware: readHardwareSettings(hive, set),
  };
}

const describeSoftware = (hive: Hive): SoftwareDescription => ({
  os: readOsVersion(hive),
  machineGuid: readMachineGuid(hive),
  servicing: readServicing(hive),
  updates: readUpdates(hive).updates,
  securityProducts: readSecurityProducts(hive),
  bitLockerPolicy: readBitLockerPolicy(hive),
});
