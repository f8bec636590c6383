import { factOfFile } from '../../../shared/facts/fact-of-file.ts';
import type { Facts, FactValue } from '../../../shared/facts/facts.ts';
import { factsOfBootLog } from '../../../shared/facts/facts-of-boot-log.ts';
import { factsOfBootStatus } from '../../../shared/facts/facts-of-boot-status.ts';
import { factsOfCrashDump } from '../../../shared/facts/facts-of-crash-dump.ts';
import { factsOfDeviceInstalls } from '../../../shared/facts/facts-of-device-installs.ts';
import { factsOfDriverImage, factsOfKernelImage } from '../../../shared/facts/facts-of-image.ts';
import { factsOfPendingRenamesLog } from '../../../shared/facts/facts-of-pending-renames-log.ts';
import { factsOfPendingTransaction } from '../../../shared/facts/facts-of-pending-transaction.ts';
import { factsOfServices } from '../../../shared/facts/facts-of-services.ts';
import { factsOfServicingLog } from '../../../shared/facts/facts-of-servicing-log.ts';
import { factsOfOsVersion, factsOfSoftwareHive } from '../../../shared/facts/facts-of-software-hive.ts';
import { factsOfStartupRepair } from '../../../shared/facts/facts-of-startup-repair.ts';
import { factsOfSystemEvents } from '../../../shared/facts/facts-of-system-events.ts';
import { factsOfFilters, factsOfSystemHive } from '../../../shared/facts/facts-of-system-hive.ts';
import type { EvidenceFile } from '../evidence/evidence-file.ts';
import { type CaseEvidence, listSuspects } from './case-evidence.ts';

/** Where the files of a case are taken to have stood; facts name places and no drives. */
const windows = { root: 'C:\\', windowsDirectory: 'C:\\Windows' };
const kernel = /(?:^|\/)Windows\/System32\/ntoskrnl\.exe$/i;
const inDrivers = /^(?:(.*)\/)?(Windows\/System32\/drivers\/.+)$/i;

/** The facts that evidence states. Where two files state the same fact, the one nearer to the crash counts. */
export function factsOfCase(evidence: CaseEvidence, files: readonly EvidenceFile[], isWhole: boolean): Facts {
  const { crash, bootLog, repair, bootStatus, transaction, servicing, installs, renames, events } = evidence;
  const { system, software, images } = evidence;
  const facts = [
    crash ? factsOfCrashDump(crash.reading) : {},
    bootLog ? factsOfBootLog(bootLog.reading) : {},
    repair ? factsOfStartupRepair(repair.reading) : {},
    bootStatus ? factsOfBootStatus(bootStatus.reading) : {},
    transaction ? factsOfPendingTransaction(transaction.reading) : {},
    ...servicing.map(one => factsOfServicingLog(one.reading)),
    installs ? factsOfDeviceInstalls(installs.reading) : {},
    renames ? factsOfPendingRenamesLog(renames.reading) : {},
    events ? factsOfSystemEvents(events.reading) : {},
    software ? factsOfOsVersion(software.reading.os) : {},
    ...images.map(one => factsOfImage(baseName(one.path), one.reading)),
    system ? factsOfSystemHive(system.reading) : {},
    system ? factsOfFilters(system.reading.filters) : {},
    system ? factsOfServices(system.reading.services, listSuspects(evidence)) : {},
    software ? factsOfSoftwareHive({ ...software.reading, unfinished: software.reading.servicing }) : {},
    factsOfDriverFiles(files, isWhole),
  ];
  // The first of several counts.
  return Object.assign({}, ...facts.toReversed()) as Facts;
}

function factsOfImage(name: string, image: CaseEvidence['images'][number]['reading']): Facts {
  if (name === 'ntoskrnl.exe') return factsOfKernelImage(image);
  const driver = /^([a-z0-9_.-]{1,64})\.sys$/.exec(name)?.[1];
  return driver === undefined ? {} : factsOfDriverImage(driver, image);
}

/**
 * Files below System32\drivers of a Windows on disk; copies in archives have no times that could be compared. That all
 * were seen, so that absence is known, is claimed only when the walk was whole and the kernel lies there too: somebody
 * who picked some drivers picked no kernel.
 */
function factsOfDriverFiles(files: readonly EvidenceFile[], isWhole: boolean): Facts {
  const facts: Record<string, FactValue> = {};
  let count = 0;
  for (const { path, sizeBytes, writtenAtMs } of files) {
    const inside = inDrivers.exec(path.replaceAll('\\', '/'))?.[2];
    if (inside === undefined || writtenAtMs === null) continue;
    count++;
    const place = `${windows.root}${inside.replaceAll('/', '\\')}`;
    Object.assign(
      facts,
      factOfFile(windows, place, { name: baseName(path), kind: 'file', sizeBytes, writtenAtMs }),
    );
  }
  const hasKernel = files.some(file => kernel.test(file.path.replaceAll('\\', '/')));
  if (isWhole && hasKernel && count > 0)
    facts['searched.%systemroot%\\system32\\drivers\\**'] = { files: count };
  return facts;
}

/** The folders that hold a Windows of their own; facts of two machines must never be mixed. */
export const findWindowsRoots = (files: readonly EvidenceFile[]): readonly string[] => [
  ...new Set(
    files.flatMap(file => {
      const found = inDrivers.exec(file.path.replaceAll('\\', '/'));
      return found ? [found[1] ?? ''] : [];
    }),
  ),
];

const baseName = (path: string) => path.slice(path.replaceAll('\\', '/').lastIndexOf('/') + 1).toLowerCase();
