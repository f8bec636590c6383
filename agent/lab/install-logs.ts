import type { LabTree } from './lab-tree.ts';
import { buildDeviceInstallLog } from './logs/device-install-log.ts';
import { buildEventLog } from './logs/event-log.ts';
import { buildPendingRenamesLog } from './logs/pending-renames-log.ts';
import { buildCbsLog, buildDismLog } from './logs/servicing-log.ts';
import { dirtyStartEvent, startEvent, updateEvent } from './logs/system-events.ts';
import type { LabWindows } from './windows-profile.ts';

const minutesBefore = (at: Date, minutes: number) => new Date(at.getTime() - minutes * 60_000);

/** Puts the logs of a Windows that was serviced, got a display driver later and was then switched off hard. */
export function installLogs(tree: LabTree, computer: string, windows: LabWindows): void {
  const { servicedAt, stoppedAt, build, revision, packages } = windows;
  const driverAt = minutesBefore(stoppedAt, 3 * 24 * 60);
  const startedAt = minutesBefore(stoppedAt, 22 * 60);
  const rollup = packages.find(({ name }) => name.startsWith('Package_for_'))?.name ?? 'Package_for_Lab';
  const update = `Cumulative Update for Windows, build ${build}.${revision}`;
  const cbs = buildCbsLog([
    {
      id: '31117744_1901133040',
      client: 'WindowsUpdateAgent',
      startedAt: minutesBefore(servicedAt, 9),
      package: rollup,
      from: 'Staged',
      to: 'Installed',
      result: { code: '0x00000000', name: 'S_OK' },
    },
  ]);
  const setupapi = buildDeviceInstallLog(startedAt, [
    {
      title: 'Device Install (Hardware initiated)',
      subject: 'PCI\\VEN_1AF4&DEV_1050&SUBSYS_11001AF4&REV_01\\3&13c0b0c5&0&08',
      at: driverAt,
      package: {
        inf: 'oem12.inf',
        storeFolder: 'contosodisplay.inf_amd64_7d1c4b3a9e2f6051',
        provider: 'Contoso',
        dateAndVersion: '06/27/2024,31.0.15.3623',
      },
      selected: { description: 'Contoso Display Adapter', inf: 'oem12.inf' },
    },
  ]);
  const events = buildEventLog({
    computer,
    isDirty: true,
    firstRecordId: 41_870,
    events: [
      updateEvent(minutesBefore(servicedAt, 30), 'started', update),
      updateEvent(servicedAt, 'installed', update),
      dirtyStartEvent(startedAt),
      startEvent(startedAt, build, revision),
    ],
  });
  const renames = buildPendingRenamesLog([{ at: startedAt, failures: [], succeeded: 4 }]);
  const dism = buildDismLog([
    { at: minutesBefore(servicedAt, 12), commandLine: 'dism.exe /online /get-packages', hasEnded: true },
  ]);
  tree.write('Windows\\Logs\\CBS\\CBS.log', cbs, servicedAt);
  tree.write('Windows\\Logs\\DISM\\dism.log', dism, servicedAt);
  tree.write('Windows\\INF\\setupapi.dev.log', setupapi, driverAt);
  tree.write('Windows\\PFRO.log', renames, startedAt);
  tree.write('Windows\\System32\\winevt\\Logs\\System.evtx', events, stoppedAt);
}
