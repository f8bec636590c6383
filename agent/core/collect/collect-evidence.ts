import type { BootLog } from '../../../shared/bootlog/boot-log.ts';
import type { Host, StartReason } from '../../host/host.ts';
import type { FoundWindows } from '../found-windows.ts';
import type { EvidencePiece, FactRecord } from './collected.ts';
import { collectCrash } from './crash.ts';
import {
  type DriversFolder,
  factsOfDriver,
  factsOfKernel,
  factsOfNewestFiles,
  walkDrivers,
} from './drivers.ts';
import { collectBootLog, collectSrtTrail } from './logs.ts';

/** Facts that leave room for the rest of a check-in of 4 kB. */
const maxFactsJsonLength = 2600;
const maxSuspects = 4;

/** Everything a check-in starts from. Absent facts are unknown. */
export interface CollectedEvidence {
  readonly facts: FactRecord;
  readonly evidence: readonly EvidencePiece[];
  /** Kept for probes. */
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
  const crash = collectCrash(host, windows, lastFailedAtMs);
  const bootLog = collectBootLog(host, windows, lastFailedAtMs);
  const srtTrail = collectSrtTrail(host, windows, lastFailedAtMs);
  const drivers = walkDrivers(windows);

  const facts: FactRecord = { 'device.name': deviceName, 'volume.bitlocker': windows.bitLocker };
  if (reason.failedStarts !== undefined) facts['boot.failedStarts'] = reason.failedStarts;
  if (lastFailedAtMs !== undefined) facts['boot.lastFailedAt'] = new Date(lastFailedAtMs).toISOString();
  Object.assign(facts, factsOfKernel(host, windows), crash.facts, bootLog.facts, srtTrail.facts);

  const lastLoaded = bootLog.facts['bootlog.lastLoaded'];
  const suspects = [
    crash.dump?.culprit.module,
    ...(crash.dump?.suspects ?? []).map(one => one.module),
    typeof lastLoaded === 'string' ? lastLoaded : undefined,
  ].filter(one => typeof one === 'string');
  for (const suspect of [...new Set(suspects.map(one => one.toLowerCase()))].slice(0, maxSuspects))
    if (isDriverName(suspect))
      Object.assign(facts, factsOfDriver(host, windows, drivers, bootLog.log, suspect));

  const fits = (more: FactRecord) => JSON.stringify({ ...facts, ...more }).length <= maxFactsJsonLength;
  Object.assign(facts, factsOfNewestFiles(windows, drivers, fits));
  return {
    facts,
    evidence: [...crash.evidence, ...bootLog.evidence, ...srtTrail.evidence],
    drivers,
    log: bootLog.log,
  };
}

const isDriverName = (text: string) => /^[a-z0-9_.-]{1,64}\.sys$/.test(text);
