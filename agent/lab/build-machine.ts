import path from 'node:path';
import type { LabInstallation } from './install-hives.ts';
import { LabTree } from './lab-tree.ts';
import { type MachineRecord, writeMachine } from './machine-record.ts';
import { type LabWindows, windows11OfJuly2024 } from './windows-profile.ts';
import { buildWindowsTree } from './windows-tree.ts';

/** What a machine is before anything bad happens to it. */
export interface HealthyMachine {
  readonly id: string;
  readonly title: string;
  readonly identity: MachineRecord['identity'];
  readonly clockAt: string;
  /** Windows 11 of July 2024 unless told. */
  readonly windows?: LabWindows;
  /** What the registry tells of software that is there. */
  readonly installed?: LabInstallation;
}

/** Builds a healthy machine: C: with Windows, D: with data. It is off; `tryBoot` starts it. */
export function buildHealthyMachine(
  directory: string,
  {
    windows = windows11OfJuly2024,
    installed = { drivers: [], securityProducts: [] },
    ...machine
  }: HealthyMachine,
): LabTree {
  const system = new LabTree(path.join(directory, 'C'));
  buildWindowsTree(system, machine.identity.name, windows, installed);
  const data = new LabTree(path.join(directory, 'D'));
  data.write('Photos\\2024\\lyon.jpg', Buffer.from('a photo of Lyon'), new Date('2024-06-02T10:00:00.000Z'));
  writeMachine(directory, {
    version: 1,
    ...machine,
    osBuild: windows.osBuild,
    running: 'off',
    firmware: { failedStarts: 0, startReason: 'other' },
    bootEntryDrive: 'C',
    drives: [
      { letter: 'C', folder: 'C', bitLocker: 'none' },
      { letter: 'D', folder: 'D', bitLocker: 'none' },
    ],
  });
  return system;
}
