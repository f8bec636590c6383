import type { BootLog } from '../../../shared/bootlog/boot-log.ts';
import type { Facts } from '../../../shared/facts/facts.ts';
import { utf8Of } from '../../../shared/bytes/utf8.ts';
import { factsOfRegistryExtract } from '../../../shared/facts/facts-of-registry-extract.ts';
import { fitFacts, jsonBytesOf } from '../../../shared/facts/fit-facts.ts';
import type { RegistryExtract } from '../../../shared/registry/registry-extract.ts';
import type { Service } from '../../../shared/registry/services.ts';
import type { Host, StartReason } from '../../host/host.ts';
import { factOfBitLocker } from '../bitlocker.ts';
import type { FoundWindows } from '../found-windows.ts';
import type { EvidenceKind } from '../../../shared/wire/evidence.ts';
import type { EvidencePiece } from './collected.ts';
import { collectCrash, type CollectedCrash } from './crash.ts';
import {
  type DriversFolder,
  factOfDriverFile,
  factsOfDriver,
  factsOfKernel,
  factsOfNewestFiles,
  isDriverName,
  type KnownDrivers,
  roomForFilesJsonBytes,
  walkDrivers,
} from './drivers.ts';
import { listDumpFiles } from './dump-files.ts';
import { factsOfFirmware } from './firmware.ts';
import { collectBootLog, type CollectedLog, collectLogs } from './logs.ts';
import { makeRegistryExtract } from './make-registry-extract.ts';
import { readablePartOf } from './readable-part.ts';
import { collectRegistry } from './registry.ts';

/** Facts that mostly leave room for the rest of a first check-in of 4 kB; where they do not, its end is left out. */
const maxFactsJsonBytes = 2600;
/** A machine that the first check-in did not explain tells the rest. */
const maxMoreFactsJsonBytes = 6000;
/** What a first check-in offers. */
const firstKinds: ReadonlySet<EvidenceKind> = new Set([
  'crash-extract',
  'boot-log',
  'startup-repair-log',
  'registry-extract',
]);
const maxSuspects = 4;

/** Everything a check-in starts from. Absent facts are unknown. */
export interface CollectedEvidence extends KnownDrivers {
  /** The most telling ones, for the first check-in. */
  readonly facts: Facts;
  /** What that had no room for. */
  readonly moreFacts: Facts;
  readonly evidence: readonly EvidencePiece[];
  /** The rest is kept for probes. */
  readonly services: readonly Service[];
  readonly drivers: DriversFolder;
  readonly log: BootLog | undefined;
}

/** Whether a first check-in offers pieces of this kind; the others are offered once it did not explain the machine. */
export const isOfferedFirst = (kind: EvidenceKind): boolean => firstKinds.has(kind);

/** Looks at the machine, within bounds, and changes nothing. */
export function collectEvidence(
  wholeHost: Host,
  wholeWindows: FoundWindows,
  reason: StartReason,
  deviceName: string,
): CollectedEvidence {
  const { lastFailedAtMs } = reason;
  // It says itself what of it cannot be read.
  const hives = collectRegistry(wholeHost, wholeWindows);
  const { host, windows } = readablePartOf(wholeHost, wholeWindows);
  const dumps = listDumpFiles(host, windows, hives.system.content?.crashControl);
  const crash = collectCrash(host, dumps, lastFailedAtMs);
  const bootLog = collectBootLog(host, windows, lastFailedAtMs);
  const logs = collectLogs(host, windows, lastFailedAtMs);
  const services = hives.system.content?.services ?? [];
  const known = { services, log: bootLog?.log, drivers: walkDrivers(windows) };
  const suspects = listSuspects(crash, bootLog?.facts['bootlog.lastLoaded']);
  const extract = makeRegistryExtract(hives, suspects);
  const registry = factsOfRegistryExtract(extract);
  const drivers = suspects.map(suspect => factsOfDriver(host, windows, known, suspect));
  const isOfRepair = ({ piece }: CollectedLog) => piece.kind === 'startup-repair-log';

  // The order is the priority: what comes last is left out first. Of two sources of one fact the first counts.
  const groups = [
    factsOfStart(reason, windows, deviceName),
    registry.osVersion,
    factsOfKernel(host, windows),
    crash.facts,
    bootLog?.facts ?? {},
    ...logs.filter(isOfRepair).map(log => log.facts),
    ...drivers.map(withoutVendor),
    registry.services,
    ...suspects.slice(0, 1).map(suspect => factOfDriverFile(host, windows, known, suspect)),
    registry.states,
    registry.settings,
    registry.software,
    factsOfFirmware(host),
    registry.hardware,
    ...logs.map(log => log.facts),
    registry.filters,
    ...drivers,
  ];
  const told = fitFacts(groups, maxFactsJsonBytes - roomForFilesJsonBytes);
  const fits = (more: Facts) => jsonBytesOf({ ...told, ...more }) <= maxFactsJsonBytes;
  return {
    // what was told already may say more of a file than the list does
    facts: { ...factsOfNewestFiles(windows, known.drivers, fits), ...told },
    moreFacts: fitFacts(groups, maxMoreFactsJsonBytes),
    evidence: [
      ...crash.evidence,
      ...(bootLog ? [bootLog.piece] : []),
      ...logs.map(log => log.piece),
      registryPiece(extract),
    ],
    ...known,
  };
}

const registryPiece = (extract: RegistryExtract): EvidencePiece => ({
  kind: 'registry-extract',
  name: 'registry-extract.json',
  bytes: utf8Of(JSON.stringify(extract)),
});

function factsOfStart(
  { failedStarts, lastFailedAtMs }: StartReason,
  windows: FoundWindows,
  deviceName: string,
): Facts {
  return {
    'device.name': deviceName,
    ...factOfBitLocker(windows),
    ...(failedStarts !== undefined && { 'boot.failedStarts': failedStarts }),
    ...(lastFailedAtMs !== undefined && { 'boot.lastFailedAt': new Date(lastFailedAtMs).toISOString() }),
  };
}

/** What only people read waits until all that rules ask about has its room. */
const withoutVendor = (facts: Facts): Facts =>
  Object.fromEntries(Object.entries(facts).filter(([name]) => !name.endsWith('.vendor')));

/** File names of the drivers to look at, the most suspected first. */
function listSuspects({ dump }: CollectedCrash, lastLoaded: unknown): readonly string[] {
  const named = [
    dump?.culprit.module,
    ...(dump?.suspects ?? []).map(one => one.module),
    typeof lastLoaded === 'string' ? lastLoaded : undefined,
  ].flatMap(one => (typeof one === 'string' ? [one.toLowerCase()] : []));
  return [...new Set(named)].slice(0, maxSuspects).filter(isDriverName);
}
