import type { RegistryExtract, SoftwareExtract, SystemExtract } from '../registry/registry-extract.ts';
import type { Facts } from './facts.ts';
import { factsOfServices } from './facts-of-services.ts';
import { factsOfOsVersion, factsOfSoftwareHive } from './facts-of-software-hive.ts';
import { factsOfFilters, factsOfHardware, factsOfSystemHive } from './facts-of-system-hive.ts';

/** The facts of the registry by how telling they are, so that a check-in that has no room for all leaves out the last. */
export interface RegistryFacts {
  /** How each hive could be read. */
  readonly states: Facts;
  readonly osVersion: Facts;
  /** Of the services of suspected drivers. */
  readonly services: Facts;
  readonly settings: Facts;
  readonly software: Facts;
  readonly hardware: Facts;
  readonly filters: Facts;
}

/** The facts that a registry extract states; the device draws them from it too before it is sent. */
export function factsOfRegistryExtract({ suspects, system, software }: RegistryExtract): RegistryFacts {
  return {
    states: { 'hive.system': system.state, 'hive.software': software.state },
    osVersion: software.content ? factsOfOsVersion(software.content.os) : {},
    services: system.content ? factsOfServices(system.content.services, suspects) : {},
    settings: system.content ? settingsOf(system.content) : {},
    software: software.content ? softwareOf(software.content) : {},
    hardware: system.content ? factsOfHardware(system.content.hardware) : {},
    filters: system.content ? factsOfFilters(system.content.filters) : {},
  };
}

const settingsOf = ({ pendingRenameCount, ...rest }: SystemExtract) =>
  factsOfSystemHive({ ...rest, pendingRenames: { length: pendingRenameCount } });

const softwareOf = ({ securityProducts, unfinished, updates }: SoftwareExtract) =>
  factsOfSoftwareHive({ securityProducts, unfinished: { pending: unfinished }, updates });
