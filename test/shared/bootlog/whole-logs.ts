import { buildNtbtlog } from '../../../agent/lab/evidence/ntbtlog.ts';
import { buildSrtTrail, type LabSrtSession } from '../../../agent/lab/evidence/srt-trail.ts';
import {
  buildBootManagerLog,
  buildBootStatus,
  type LabBootEntry,
} from '../../../agent/lab/logs/boot-status.ts';
import { buildDeviceInstallLog } from '../../../agent/lab/logs/device-install-log.ts';
import { buildPendingRenamesLog } from '../../../agent/lab/logs/pending-renames-log.ts';
import { buildPendingTransaction } from '../../../agent/lab/logs/pending-transaction.ts';
import { buildCbsLog, buildDismLog } from '../../../agent/lab/logs/servicing-log.ts';
import { utf8Lines } from '../../../agent/lab/logs/text-log.ts';

type Files = Readonly<Record<string, Uint8Array>>;

const at = new Date('2024-07-19T04:00:00Z');
const identity = 'Package_for_RollupFix~31bf3856ad364e35~amd64~~22621.3880.1.7';

const boot = {
  startedAt: at,
  osBuild: 22631,
  loaded: ['\\SystemRoot\\system32\\ntoskrnl.exe', '\\SystemRoot\\System32\\drivers\\csagent.sys'],
  notLoaded: ['@oem7.inf,%d%;Device', '\\SystemRoot\\a.sys'],
};
export const bootLogs: Files = {
  'as Windows 10 writes it': buildNtbtlog([boot, boot]),
  'as older ones do': utf8Lines([
    'Service Pack 1(7601)',
    ' 7 19 2024 04:00:00.500',
    'Geladener Treiber \\SystemRoot\\system32\\ntoskrnl.exe',
    'Treiber nicht geladen \\SystemRoot\\system32\\b.sys',
    'Treiber nicht geladen Audiocodecs',
  ]),
};

const repair: LabSrtSession = {
  windowsDirectory: 'C:\\Windows',
  tests: [{ name: 'Check for updates' }, { name: 'System disk test', errorCode: 0x1f, timeMs: 16 }],
  rootCause: 'Boot critical file c:\\windows\\a.sys is corrupt.',
  repairActions: [{ name: 'File repair', errorCode: 2, timeMs: 5 }],
};
export const srtTrails: Files = {
  English: buildSrtTrail([repair, { ...repair, tests: [] }]),
  Spanish: buildSrtTrail([repair], 'es'),
};

const session = {
  id: '1_2',
  client: 'Lab',
  startedAt: at,
  package: identity,
  from: 'Staged',
  to: 'Installed',
  result: { code: '0x800f0922', name: 'CBS_E_INSTALLERS_FAILED' },
  executeState: 'CbsExecuteStateInitiateRollback',
};
export const servicingLogs: Files = {
  CBS: buildCbsLog([session, { ...session, id: '1_3' }]),
  DISM: buildDismLog([{ at, commandLine: 'dism /x', failedWith: '0x800f081f', hasEnded: true }]),
};

const driverPackage = {
  inf: 'oem7.inf',
  storeFolder: 'a.inf_amd64_0',
  provider: 'Lab',
  dateAndVersion: '07/18/2024,7.11',
};
const install = {
  title: 'Import',
  subject: 'x.inf',
  at,
  package: driverPackage,
  selected: { description: 'Device', inf: 'a.inf' },
};
export const setupapiLogs: Files = {
  done: buildDeviceInstallLog(at, [
    install,
    { ...install, errors: ['an error'], exitStatus: 'FAILURE(0x00000001)' },
  ]),
  'cut off by a crash': buildDeviceInstallLog(at, [install, { ...install, isCutOff: true }]),
};

const failure = { path: 'C:\\a.dll', status: '0xc0000034' };
export const pendingRenamesLogs: Files = {
  'two starts': buildPendingRenamesLog([
    { at, failures: [failure, { ...failure, newPath: 'C:\\b.dll' }], succeeded: 1 },
    { at, failures: [failure] },
  ]),
};

export const pendingTransactions: Files = {
  'one package': buildPendingTransaction({
    packages: [{ identity, components: 3 }],
    files: [{ source: 'a & b', destination: 'c' }],
  }),
};

const entries: readonly LabBootEntry[] = [
  { kind: 'start', at },
  { kind: 'launch', path: '\\winload.efi' },
  { kind: 'failure', eventId: 0x13, status: 0xc000000f, path: '\\winload.efi' },
  { kind: 'start', at },
];
const status = {
  wasLastStartGood: false,
  wasLastStopClean: false,
  lastAliveAt: at,
  startNumber: 2,
  lastCleanStopNumber: 1,
};
export const bootStatuses: Files = {
  'of Windows': buildBootStatus({ ...status, entries }),
  'of the boot manager': buildBootManagerLog(entries),
  'begun again': buildBootManagerLog(Array.from({ length: 1200 }, (_, index) => entries[index % 4]!)),
};
