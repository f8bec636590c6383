import type { MemoryDisk } from '../../../agent/host/memory-disk.ts';
import {
  createMemoryHost,
  type MemoryHost,
  type MemoryHostOptions,
} from '../../../agent/host/memory-host.ts';
import { buildHive } from '../../../agent/lab/registry/hive-builder.ts';
import { dword, key, list } from '../../../agent/lab/registry/key-plan.ts';
import {
  type LabPackage,
  LabRecoveryTools,
  type LabRecoveryOptions,
} from '../../../agent/lab/tools/lab-recovery-tools.ts';
import type { ImageSettings } from '../../../shared/winre/agent-settings.ts';
import { diskOf } from './windows-disk.ts';

/** The SYSTEM hive of an image whose start replays file system transactions, as before Microsoft's advice. */
export const imageHive = buildHive({
  root: key(
    'ROOT',
    [],
    [
      key(
        'ControlSet001',
        [],
        [
          key(
            'Control',
            [],
            [key('Session Manager', [list('BootExecute', 'autocheck autochk *', 'autofstx')])],
          ),
        ],
      ),
      key('Select', [
        dword('Current', 1),
        dword('Default', 1),
        dword('Failed', 0),
        dword('LastKnownGood', 1),
      ]),
    ],
  ),
  fileName: 'SYSTEM',
  spareBytes: 4096,
});

export const stockImage: Readonly<Record<string, Uint8Array>> = {
  'Windows\\System32\\winpeshl.ini': Buffer.from(
    '[LaunchApp]\r\nAppPath=X:\\sources\\recovery\\recenv.exe\r\n',
  ),
  'Windows\\System32\\config\\SYSTEM': imageHive,
  'sources\\recovery\\recenv.exe': Buffer.from('MZ recenv'),
};

export const packages: readonly LabPackage[] = [
  {
    published: 'oem1.inf',
    className: 'Net',
    files: { 'wifi.inf': Buffer.from('[Version]'), 'wifi.sys': new Uint8Array(5000) },
  },
  { published: 'oem2.inf', className: 'SCSIAdapter', files: { 'vmd.inf': Buffer.from('[Version]') } },
  { published: 'oem3.inf', className: 'Display', files: { 'gpu.sys': new Uint8Array(9000) } },
];

export const agentBytes = Buffer.from('MZ agent');

export const settingsFor = (over: Partial<ImageSettings> = {}): ImageSettings => ({
  version: 1,
  purpose: 'recovery',
  organization: 'contoso',
  servers: ['https://10.0.0.5:8443'],
  pins: ['c0'.repeat(32)],
  trust: { payloadType: 'x', payload: '', signatures: [] },
  settings: { waitIntervalMinutes: 30, totalWaitMinutes: 180 },
  ...over,
});

/** A healthy Windows on C: with WinRE on its hidden partition. */
export function createHealthyWindows(
  options: Partial<LabRecoveryOptions> = {},
  over: Partial<MemoryHostOptions> = {},
): { readonly host: MemoryHost; readonly disk: MemoryDisk; readonly lab: LabRecoveryTools } {
  const disk = diskOf({
    'Windows\\System32\\config\\SYSTEM': Uint8Array.of(1),
    'Windows\\System32\\winload.efi': Uint8Array.of(1),
  });
  let host: MemoryHost;
  const lab = new LabRecoveryTools({ image: stockImage, packages, ...options }, () => host.files);
  host = createMemoryHost({
    disks: { C: disk },
    environment: 'windows',
    startReason: { kind: 'other' },
    bootEntryVolume: 'C:\\',
    tools: lab.tools,
    imagePlace: () => lab.imagePlace(),
    ...over,
  });
  lab.install();
  return { host, disk, lab };
}
