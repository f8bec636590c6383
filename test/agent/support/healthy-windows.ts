import type { MemoryDisk } from '../../../agent/host/memory-disk.ts';
import {
  createMemoryHost,
  type MemoryHost,
  type MemoryHostOptions,
} from '../../../agent/host/memory-host.ts';
import { LabRecoveryTools, type LabRecoveryOptions } from '../../../agent/lab/tools/lab-recovery-tools.ts';
import { stockImage, vendorPackages } from '../../../agent/lab/tools/stock-image.ts';
import type { ImageSettings } from '../../../shared/winre/agent-settings.ts';
import { diskOf } from './windows-disk.ts';

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
  const lab = new LabRecoveryTools(
    { image: stockImage, packages: vendorPackages, ...options },
    () => host.files,
  );
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
