import type { Facts } from '../../../shared/facts/facts.ts';
import { factsOfOsVersion, factsOfSoftwareHive } from '../../../shared/facts/facts-of-software-hive.ts';
import { factsOfFilters, factsOfSystemHive } from '../../../shared/facts/facts-of-system-hive.ts';
import { readBitLockerSettings } from '../../../shared/registry/bitlocker-settings.ts';
import { readControlSets } from '../../../shared/registry/control-sets.ts';
import { type CrashControl, readCrashControl } from '../../../shared/registry/crash-control.ts';
import { readClassFilters } from '../../../shared/registry/filters.ts';
import type { Hive } from '../../../shared/registry/hive.ts';
import { readOsVersion } from '../../../shared/registry/os-version.ts';
import { packagesPath, readUnfinishedServicing } from '../../../shared/registry/packages.ts';
import { readPendingRenames } from '../../../shared/registry/pending-renames.ts';
import { readSecurityProducts } from '../../../shared/registry/security-products.ts';
import { readServices, type Service } from '../../../shared/registry/services.ts';
import { readSetupState } from '../../../shared/registry/setup-state.ts';
import { readUpdates } from '../../../shared/registry/updates.ts';
import type { Host } from '../../host/host.ts';
import type { FoundWindows } from '../found-windows.ts';
import { readHive } from './read-hive.ts';

/** A real Windows has some 800 services, 100 classes and 10,000 packages. */
const mostServices = 4000;
const mostClasses = 1000;
const mostPackages = 30_000;

/** What the registry of the found Windows tells. */
export interface CollectedRegistry {
  /** How each hive could be read. */
  readonly states: Facts;
  readonly osVersion: Facts;
  readonly settings: Facts;
  readonly software: Facts;
  readonly filters: Facts;
  readonly services: readonly Service[];
  readonly crashControl: CrashControl | undefined;
}

/** Reads the hives SYSTEM and SOFTWARE where they lie. */
export function collectRegistry(host: Host, windows: FoundWindows): CollectedRegistry {
  const system = readHive(host, windows, 'SYSTEM', readSystem);
  const software = readHive(host, windows, 'SOFTWARE', readSoftware);
  return {
    states: { 'hive.system': system.state, 'hive.software': software.state },
    osVersion: software.content?.osVersion ?? {},
    settings: system.content?.settings ?? {},
    software: software.content?.software ?? {},
    filters: system.content?.filters ?? {},
    services: system.content?.services ?? [],
    crashControl: system.content?.crashControl,
  };
}

function readSystem(hive: Hive) {
  const set = readControlSets(hive).path;
  if (set === null) return undefined;
  const crashControl = readCrashControl(hive, set);
  const hasClasses = holdsAtMost(hive, `${set}\\Control\\Class`, mostClasses);
  const hasServices = holdsAtMost(hive, `${set}\\Services`, mostServices);
  return {
    crashControl,
    settings: factsOfSystemHive({
      crashControl,
      pendingRenames: readPendingRenames(hive, set),
      setup: readSetupState(hive, set),
      bitLocker: readBitLockerSettings(hive, set),
    }),
    filters: hasClasses ? factsOfFilters(readClassFilters(hive, set).filters) : {},
    services: hasServices ? readServices(hive, set).services : [],
  };
}

const readSoftware = (hive: Hive) => ({
  osVersion: factsOfOsVersion(readOsVersion(hive)),
  software: factsOfSoftwareHive({
    securityProducts: readSecurityProducts(hive),
    unfinished: readUnfinishedServicing(hive),
    updates: holdsAtMost(hive, packagesPath, mostPackages) ? readUpdates(hive) : [],
  }),
});

/** Keys of a list are held in memory at once. */
const holdsAtMost = (hive: Hive, path: string, most: number) =>
  (hive.findKey(path)?.subkeyCount ?? 0) <= most;
