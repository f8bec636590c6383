import type { Facts } from '../../../shared/facts/facts.ts';
import { factsOfRegistryExtract } from '../../../shared/facts/facts-of-registry-extract.ts';
import { fitFacts, jsonBytesOf } from '../../../shared/facts/fit-facts.ts';
import type { Probe } from '../../../shared/wire/answer.ts';
import type { Host } from '../../host/host.ts';
import { factOfBitLocker } from '../bitlocker.ts';
import type { FoundWindows } from '../found-windows.ts';
import { nameOfPath } from '../windows-path.ts';
import { answerProbes } from './answer-probes.ts';
import {
  factsOfDriver,
  factsOfKernel,
  factsOfNewestFiles,
  isDriverName,
  type KnownDrivers,
  roomForFilesJsonBytes,
  walkDrivers,
} from './drivers.ts';
import { factsOfFirmware } from './firmware.ts';
import { makeRegistryExtract } from './make-registry-extract.ts';
import { collectRegistry } from './registry.ts';

/** A healthy machine tells this once a start, for comparison with machines that fail. */
const maxFactsJsonBytes = 3600;
/** The drivers that came last are the ones that a bad update is compared by. */
const mostDrivers = 8;

/**
 * What a Windows that runs is made of, by the same collectors as in the recovery environment: no crash, no log of a
 * failure and no name. `asked` are the server's questions; they come before what nobody asked for.
 */
export function collectHealthyFacts(host: Host, windows: FoundWindows, asked: readonly Probe[]): Facts {
  const hives = collectRegistry(host, windows);
  const drivers = walkDrivers(windows);
  const known: KnownDrivers = { services: hives.system.content?.services ?? [], log: undefined, drivers };
  const newest = drivers.files
    .map(({ path }) => nameOfPath(path).toLowerCase())
    .filter(isDriverName)
    .slice(0, mostDrivers);
  const registry = factsOfRegistryExtract(makeRegistryExtract(hives, newest));

  // The order is the priority: what comes last is left out first.
  const groups = [
    factOfBitLocker(windows),
    registry.osVersion,
    factsOfKernel(host, windows),
    answerProbes(host, windows, known, asked),
    registry.states,
    registry.settings,
    ...newest.map(driver => factsOfDriver(host, windows, known, driver)),
    registry.software,
    factsOfFirmware(host),
    registry.services,
    registry.hardware,
    registry.filters,
  ];
  const told = fitFacts(groups, maxFactsJsonBytes - roomForFilesJsonBytes);
  const fits = (more: Facts) => jsonBytesOf({ ...told, ...more }) <= maxFactsJsonBytes;
  return { ...factsOfNewestFiles(windows, drivers, fits), ...told };
}
