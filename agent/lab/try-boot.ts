import { buildNtbtlog } from './evidence/ntbtlog.ts';
import { buildSrtTrail } from './evidence/srt-trail.ts';
import { csagentFault } from './faults/csagent-fault.ts';
import { buildBootStatus } from './logs/boot-status.ts';
import type { LabCrash, LabFault, LabStop } from './lab-fault.ts';
import { LabTree } from './lab-tree.ts';
import { type MachineRecord, readMachine, systemFolder, writeMachine } from './machine-record.ts';
import { listLoadedAtStart } from './loaded-at-start.ts';

/** How one start of a lab machine went. */
export type BootResult =
  | { readonly kind: 'booted' }
  | { readonly kind: 'crashed'; readonly driver: string; readonly entersRecovery: boolean }
  | { readonly kind: 'stopped'; readonly status: string; readonly entersRecovery: boolean }
  | { readonly kind: 'boot-file-damaged'; readonly path: string; readonly entersRecovery: boolean };

/** Software that can be on any lab machine; what only one machine has comes with that machine. */
const faults: readonly LabFault[] = [csagentFault];
/** Windows enters the recovery environment after this many failed starts in a row. */
const failedStartsToRecovery = 2;
const [pageFile, bootLog] = ['pagefile.sys', 'Windows\\ntbtlog.txt'];
const pageFileBytes = 512 * 1024;
const [loadMs, restartMs] = [11_408, 41_000];
/** Number of the entry for a boot application that could not be loaded. */
const loaderFailed = 0x13;

/**
 * Starts a lab machine once, as firmware and Windows would: contents of files decide, never our rules. A crash leaves
 * what Windows leaves, a dump in the page file and a line of the boot log; the second in a row enters WinRE.
 */
export function tryBoot(directory: string, ownFault?: LabFault): BootResult {
  const record = readMachine(directory);
  const tree = new LabTree(systemFolder(directory, record));
  const startedAt = new Date(record.clockAt);
  const damaged = findDamagedBootFile(tree);
  if (damaged !== undefined)
    return {
      kind: 'boot-file-damaged',
      path: damaged,
      entersRecovery: fail(directory, record, tree, startedAt, 0),
    };

  const failure = [...faults, ...(ownFault ? [ownFault] : [])]
    .map(fault => fault.find(tree))
    .find(one => one !== undefined);
  if (failure?.kind !== 'stop' || failure.afterDrivers) logBoot(tree, record.osBuild, startedAt, failure);
  if (failure) {
    const capturedAt = new Date(startedAt.getTime() + loadMs);
    if (failure.kind === 'crash' && failure.buildDump) {
      const page = Buffer.alloc(pageFileBytes);
      page.set(failure.buildDump(capturedAt));
      tree.write(pageFile, page, capturedAt);
    }
    const entersRecovery = fail(directory, record, tree, startedAt, loadMs, failure);
    return failure.kind === 'crash'
      ? { kind: 'crashed', driver: failure.driver, entersRecovery }
      : { kind: 'stopped', status: failure.status, entersRecovery };
  }
  keepDump(tree, startedAt);
  noteStart(tree, 0, startedAt);
  const clockAt = new Date(startedAt.getTime() + loadMs).toISOString();
  writeMachine(directory, {
    ...record,
    clockAt,
    running: 'windows',
    firmware: { failedStarts: 0, startReason: 'other' },
  });
  return { kind: 'booted' };
}

/** Counts a failed start; true when the firmware enters the recovery environment. */
function fail(
  directory: string,
  record: MachineRecord,
  tree: LabTree,
  startedAt: Date,
  ranMs: number,
  failure?: LabCrash | LabStop,
): boolean {
  const failedStarts = record.firmware.failedStarts + 1;
  const entersRecovery = failedStarts >= failedStartsToRecovery;
  const clockAt = new Date(startedAt.getTime() + ranMs + restartMs);
  if (entersRecovery) logStartupRepair(tree, failedStarts, clockAt, failure?.rootCause);
  noteStart(tree, failedStarts, startedAt, failure?.kind === 'stop' ? failure : undefined);
  writeMachine(directory, {
    ...record,
    clockAt: clockAt.toISOString(),
    running: entersRecovery ? 'recovery' : 'off',
    firmware: { failedStarts, lastFailedAt: startedAt.toISOString(), startReason: 'failed-boot' },
  });
  return entersRecovery;
}

function findDamagedBootFile(tree: LabTree): string | undefined {
  const startsWith = (name: string, mark: string) =>
    Buffer.from(tree.read(`Windows\\System32\\${name}`) ?? []).toString('latin1', 0, mark.length) === mark;
  const images = [
    'ntoskrnl.exe',
    'hal.dll',
    'winload.efi',
    'smss.exe',
    'drivers\\Ntfs.sys',
    'drivers\\stornvme.sys',
  ];
  const missing =
    images.find(name => !startsWith(name, 'MZ')) ??
    (startsWith('config\\SYSTEM', 'regf') ? undefined : 'config\\SYSTEM');
  return missing === undefined ? undefined : `Windows\\System32\\${missing}`;
}

/** Boot logging is on: Windows appends a block for every start, up to the driver it crashed in. */
function logBoot(
  tree: LabTree,
  osBuild: number,
  startedAt: Date,
  failure: LabCrash | LabStop | undefined,
): void {
  const crashed = failure?.kind === 'crash' ? failure : undefined;
  const last =
    crashed && (crashed.driverPath ?? String.raw`\SystemRoot\System32\drivers` + `\\${crashed.driver}`);
  const block = buildNtbtlog([{ startedAt, osBuild, loaded: listLoadedAtStart(tree, last) }]);
  const before = tree.read(bootLog);
  const bytes = before ? Buffer.concat([before, block.subarray(2)]) : block;
  tree.write(bootLog, bytes, new Date(startedAt.getTime() + loadMs));
}

function logStartupRepair(
  tree: LabTree,
  failedStarts: number,
  at: Date,
  rootCause = 'Unspecified changes to system configuration might have caused the problem.',
): void {
  const tests = [
    'Check for updates',
    'System disk test',
    'Disk metadata test',
    'Target OS test',
    'Boot log diagnosis',
  ];
  const session = {
    windowsDirectory: 'C:\\Windows',
    tests: tests.map(name => ({ name, errorCode: 0, timeMs: 16 })),
    rootCause,
  };
  const sessions = Array.from({ length: failedStarts - failedStartsToRecovery + 1 }, () => session);
  tree.write('Windows\\System32\\LogFiles\\Srt\\SrtTrail.txt', buildSrtTrail(sessions), at);
}

/** What boot manager and kernel keep of the newest start in bootstat.dat. */
function noteStart(tree: LabTree, failedStarts: number, at: Date, stop?: LabStop): void {
  const status = buildBootStatus({
    wasLastStartGood: failedStarts === 0,
    wasLastStopClean: false,
    lastAliveAt: at,
    startNumber: 211 + failedStarts,
    lastCleanStopNumber: 210,
    entries: [
      { kind: 'start', at },
      { kind: 'launch', path: '\\Windows\\system32\\winload.efi' },
      ...(stop?.loader === undefined
        ? []
        : [
            {
              kind: 'failure' as const,
              eventId: loaderFailed,
              status: Number(stop.status),
              path: stop.loader,
            },
          ]),
    ],
  });
  tree.write('Windows\\bootstat.dat', status, at);
}

/** At logon Windows makes a minidump of what lies in the page file, and starts with an empty one. */
function keepDump(tree: LabTree, at: Date): void {
  const page = tree.read(pageFile);
  if (!page || Buffer.from(page).toString('latin1', 0, 8) !== 'PAGEDU64') return;
  const [year, month, day] = [at.getUTCFullYear() % 100, at.getUTCMonth() + 1, at.getUTCDate()];
  const date = [month, day, year].map(part => String(part).padStart(2, '0')).join('');
  const lengthBytes = Buffer.from(page).readUInt32LE(0x2004);
  tree.write(`Windows\\Minidump\\${date}-${loadMs}-01.dmp`, page.subarray(0, lengthBytes || page.length), at);
  tree.write(pageFile, new Uint8Array(pageFileBytes), at);
}
