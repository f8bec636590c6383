import type { BitLockerSettings } from '../../../shared/registry/bitlocker-settings.ts';
import { readBitLockerSettings } from '../../../shared/registry/bitlocker-settings.ts';
import { readControlSets } from '../../../shared/registry/control-sets.ts';
import { type CrashControl, readCrashControl } from '../../../shared/registry/crash-control.ts';
import { type FilterSetting, readClassFilters } from '../../../shared/registry/filters.ts';
import { type HardwareSettings, readHardwareSettings } from '../../../shared/registry/hardware-settings.ts';
import type { Hive } from '../../../shared/registry/hive.ts';
import { type OsVersion, readOsVersion } from '../../../shared/registry/os-version.ts';
import { packagesPath, readUnfinishedServicing } from '../../../shared/registry/packages.ts';
import type { UnfinishedServicing } from '../../../shared/registry/packages.ts';
import { type PendingRename, readPendingRenames } from '../../../shared/registry/pending-renames.ts';
import { readSecurityProducts, type SecurityProduct } from '../../../shared/registry/security-products.ts';
import { readServices, type Service } from '../../../shared/registry/services.ts';
import { readSetupState, type SetupState } from '../../../shared/registry/setup-state.ts';
import { readUpdates, type Update } from '../../../shared/registry/updates.ts';
import type { Host } from '../../host/host.ts';
import type { FoundWindows } from '../found-windows.ts';
import { type HiveReading, readHive } from './read-hive.ts';

/** A real Windows has some 800 services, 100 classes and 10,000 packages. */
const mostServices = 4000;
const mostClasses = 1000;
export const mostPackages = 30_000;

/** What the SYSTEM hive tells about how Windows starts. */
export interface SystemSettings {
  readonly controlSet: string;
  readonly crashControl: CrashControl;
  readonly pendingRenames: readonly PendingRename[];
  readonly setup: SetupState;
  readonly bitLocker: BitLockerSettings;
  readonly hardware: HardwareSettings;
  readonly filters: readonly FilterSetting[];
  readonly services: readonly Service[];
}

/** What the SOFTWARE hive tells about what is installed. */
export interface SoftwareSettings {
  readonly os: OsVersion;
  readonly securityProducts: readonly SecurityProduct[];
  readonly unfinished: UnfinishedServicing;
  readonly updates: readonly Update[];
}

/** What the registry of the found Windows tells. */
export interface CollectedRegistry {
  readonly system: HiveReading<SystemSettings | undefined>;
  readonly software: HiveReading<SoftwareSettings>;
}

/** Reads the hives SYSTEM and SOFTWARE where they lie. */
export const collectRegistry = (host: Host, windows: FoundWindows): CollectedRegistry => ({
  system: readHive(host, windows, 'SYSTEM', readSystem),
  software: readHive(host, windows, 'SOFTWARE', readSoftware),
});

function readSystem(hive: Hive): SystemSettings | undefined {
  const set = readControlSets(hive).path;
  if (set === null) return undefined;
  const hasClasses = holdsAtMost(hive, `${set}\\Control\\Class`, mostClasses);
  const hasServices = holdsAtMost(hive, `${set}\\Services`, mostServices);
  return {
    controlSet: set,
    crashControl: readCrashControl(hive, set),
    pendingRenames: readPendingRenames(hive, set),
    setup: readSetupState(hive, set),
    bitLocker: readBitLockerSettings(hive, set),
    hardware: readHardwareSettings(hive, set),
    filters: hasClasses ? readClassFilters(hive, set).filters : [],
    services: hasServices ? readServices(hive, set).services : [],
  };
}

const readSoftware = (hive: Hive): SoftwareSettings => ({
  os: readOsVersion(hive),
  securityProducts: readSecurityProducts(hive),
  unfinished: readUnfinishedServicing(hive),
  updates: holdsAtMost(hive, packagesPath, mostPackages) ? readUpdates(hive).updates : [],
});

/** Keys of a list are held in memory at once. */
export const holdsAtMost = (hive: Hive, path: string, most: number) =>
  (hive.findKey(path)?.subkeyCount ?? 0) <= most;
