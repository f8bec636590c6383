import { findServiceOf } from '../../../shared/facts/facts-of-services.ts';
import { mostTellingUpdates } from '../../../shared/facts/facts-of-software-hive.ts';
import {
  extractLimits,
  type RegistryExtract,
  type SoftwareExtract,
  type SystemExtract,
} from '../../../shared/registry/registry-extract.ts';
import type { Service } from '../../../shared/registry/services.ts';
import type { CollectedRegistry, SoftwareSettings, SystemSettings } from './registry.ts';

const longestText = 512;
const mostInList = 16;
const [mostFilterNames, mostDisks] = [32, 32];

/**
 * The settings that the device tells of its hives. Facts are drawn from this extract, so that what the server draws
 * from it again rests on the same values. `suspects` are file names of drivers.
 */
export const makeRegistryExtract = (
  { system, software }: CollectedRegistry,
  suspects: readonly string[],
): RegistryExtract => ({
  format: 'registry-extract',
  suspects: suspects.slice(0, mostInList),
  system: { state: system.state, content: system.content ? systemOf(system.content, suspects) : null },
  software: { state: software.state, content: software.content ? softwareOf(software.content) : null },
});

function systemOf(settings: SystemSettings, suspects: readonly string[]): SystemExtract {
  const { crashControl, setup, bitLocker, hardware, pendingRenames, filters, services } = settings;
  return {
    controlSet: settings.controlSet,
    crashControl: {
      dump: crashControl.dump,
      dumpFile: crashControl.dumpFile.slice(0, longestText),
      minidumpFolder: crashControl.minidumpFolder.slice(0, longestText),
      dedicatedDumpFile: fitting(crashControl.dedicatedDumpFile),
      restarts: crashControl.restarts,
      pageFiles: listOf(crashControl.pageFiles, mostInList),
    },
    setup: {
      ...setup,
      commandLine: fitting(setup.commandLine),
      bootExecute: listOf(setup.bootExecute, mostInList),
    },
    bitLocker,
    hardware: {
      role: hardware.role,
      processor: fitting(hardware.processor),
      disks: listOf(hardware.disks, mostDisks),
    },
    pendingRenameCount: pendingRenames.length,
    pendingRenames: pendingRenames
      .slice(0, extractLimits.renames)
      .map(({ from, to }) => ({ from: from.slice(0, longestText), to: fitting(to) })),
    filters: filters.slice(0, extractLimits.filters).map(({ className, upper, lower }) => ({
      className: fitting(className),
      upper: listOf(upper, mostFilterNames),
      lower: listOf(lower, mostFilterNames),
    })),
    serviceCount: services.length,
    services: tellingServices(services, suspects).flatMap(serviceOf).slice(0, extractLimits.services),
  };
}

/** Those of suspected drivers, then the drivers that are loaded before anybody logs on. */
function tellingServices(services: readonly Service[], suspects: readonly string[]): readonly Service[] {
  const suspected = suspects.flatMap(name => findServiceOf(services, name) ?? []);
  const early = services.filter(({ start }) => start === 'boot' || start === 'system');
  return [...new Set([...suspected, ...early])];
}

function serviceOf(service: Service): SystemExtract['services'] {
  const { name, start, startOverride, group, imagePath, errorControl, writtenAt } = service;
  if (name.length > longestText) return [];
  return [
    {
      name,
      start,
      startOverride,
      group: fitting(group),
      imagePath: fitting(imagePath),
      errorControl,
      writtenAt,
    },
  ];
}

const softwareOf = ({ os, securityProducts, unfinished, updates }: SoftwareSettings): SoftwareExtract => ({
  os: {
    product: fitting(os.product),
    build: os.build,
    revision: os.revision,
    release: fitting(os.release),
    edition: fitting(os.edition),
    installationType: fitting(os.installationType),
  },
  unfinished: listOf(unfinished.pending, mostInList),
  updateCount: updates.length,
  updates: mostTellingUpdates(updates, extractLimits.updates).filter(
    ({ name }) => name.length <= longestText,
  ),
  securityProducts: securityProducts
    .slice(0, extractLimits.products)
    .map(({ name, role }) => ({ name: name.slice(0, longestText), role })),
});

/** A text of ordinary length; a longer one is no setting, and is left out. */
const fitting = (text: string | null) => (text === null || text.length > longestText ? null : text);

const listOf = (list: readonly string[], most: number) =>
  list.filter(text => text.length <= longestText).slice(0, most);
