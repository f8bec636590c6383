import type { BootLog } from '../../../shared/bootlog/boot-log.ts';
import type { Facts } from '../../../shared/facts/facts.ts';
import { factsOfServices } from '../../../shared/facts/facts-of-services.ts';
import { fitFacts } from '../../../shared/facts/fit-facts.ts';
import type { Service } from '../../../shared/registry/services.ts';
import type { Host, StartReason } from '../../host/host.ts';
import type { FoundWindows } from '../found-windows.ts';
import type { EvidencePiece, FactRecord } from './collected.ts';
import { collectCrash, type CollectedCrash } from './crash.ts';
import {
  type DriversFolder,
  factOfDriverFile,
  factsOfDriver,
  factsOfKernel,
  factsOfNewestFiles,
  type KnownDrivers,
  walkDrivers,
} from './drivers.ts';
import { listDumpFiles } from './dump-files.ts';
import { collectBootLog, collectSrtTrail } from './logs.ts';
import { collectRegistry } from './registry.ts';

/** Facts that leave room for the rest of a check-in of 4 kB. */
const maxFactsJsonLength = 2600;
/** Kept for the newest files: a bad update is among them, and a file that is told needs no probe. */
const roomForFilesJsonLength = 900;
const maxSuspects = 4;

/** Everything a check-in starts from. Absent facts are unknown. */
export interface CollectedEvidence extends KnownDrivers {
  readonly facts: FactRecord;
  readonly evidence: readonly EvidencePiece[];
  /** The rest is kept for probes. */
  readonly services: readonly Service[];
  readonly drivers: DriversFolder;
  readonly log: BootLog | undefined;
}

/** Looks at the machine, within bounds, and changes nothing. */
export function collectEvidence(
  host: Host,
  windows: FoundWindows,
  reason: StartReason,
  deviceName: string,
): CollectedEvidence {
  const { lastFailedAtMs } = reason;
  const registry = collectRegistry(host, windows);
  const crash = collectCrash(host, listDumpFiles(host, windows, registry.crashControl), lastFailedAtMs);
  const bootLog = collectBootLog(host, windows, lastFailedAtMs);
  const srtTrail = collectSrtTrail(host, windows, lastFailedAtMs);
  const known = { services: registry.services, log: bootLog.log, drivers: walkDrivers(windows) };
  const suspects = listSuspects(crash, bootLog.facts['bootlog.lastLoaded']);

  // The order is the priority: what comes last is left out first. Of two sources of one fact the first counts.
  const told = fitFacts(
    [
      factsOfStart(reason, windows, deviceName),
      registry.osVersion,
      factsOfKernel(host, windows),
      crash.facts,
      bootLog.facts,
      srtTrail.facts,
      ...suspects.map(suspect => factsOfDriver(host, windows, known, suspect)),
      factsOfServices(registry.services, suspects),
      ...suspects.slice(0, 1).map(suspect => factOfDriverFile(host, windows, known, suspect)),
      registry.states,
      registry.settings,
      registry.software,
      registry.filters,
    ],
    maxFactsJsonLength - roomForFilesJsonLength,
  );
  const fits = (more: Facts) => JSON.stringify({ ...told, ...more }).length <= maxFactsJsonLength;
  return {
    // what was told already may say more of a file than the list does
    facts: { ...factsOfNewestFiles(windows, known.drivers, fits), ...told },
    evidence: [...crash.evidence, ...bootLog.evidence, ...srtTrail.evidence],
    ...known,
  };
}

function factsOfStart(
  { failedStarts, lastFailedAtMs }: StartReason,
  windows: FoundWindows,
  deviceName: string,
): Facts {
  return {
    'device.name': deviceName,
    'volume.bitlocker': windows.bitLocker,
    ...(failedStarts !== undefined && { 'boot.failedStarts': failedStarts }),
    ...(lastFailedAtMs !== undefined && { 'boot.lastFailedAt': new Date(lastFailedAtMs).toISOString() }),
  };
}

/** File names of the drivers to look at, the most suspected first. */
function listSuspects({ dump }: CollectedCrash, lastLoaded: unknown): readonly string[] {
  const named = [
    dump?.culprit.module,
    ...(dump?.suspects ?? []).map(one => one.module),
    typeof lastLoaded === 'string' ? lastLoaded : undefined,
  ].flatMap(one => (typeof one === 'string' ? [one.toLowerCase()] : []));
  return [...new Set(named)].slice(0, maxSuspects).filter(isDriverName);
}

const isDriverName = (text: string) => /^[a-z0-9_.-]{1,64}\.sys$/.test(text);
