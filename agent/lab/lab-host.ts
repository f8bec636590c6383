import type { HostLog, HostMachine, HostScreen, HostTools } from '../host/host.ts';
import { createNodeHost } from '../host/node-host.ts';
import { driveFolder, readMachine, writeMachine } from './machine-record.ts';

export interface LabHostOptions {
  readonly screen: HostScreen;
  readonly log: HostLog;
  /** Programs of its recovery environment; without it there are none. */
  readonly tools?: HostTools;
  readonly keyPressed?: Promise<void>;
}

/** The agent's host over a lab machine: its drives are folders, its firmware is `machine.json`. */
export function createLabHost(directory: string, options: LabHostOptions): ReturnType<typeof createNodeHost> {
  const record = readMachine(directory);
  const readable = record.drives.filter(drive => drive.bitLocker !== 'locked');
  const drives = Object.fromEntries(readable.map(drive => [drive.letter, driveFolder(directory, drive)]));
  return createNodeHost({ ...options, drives, machine: createLabFirmware(directory) });
}

function createLabFirmware(directory: string): HostMachine {
  const record = readMachine(directory);
  const { startReason, failedStarts, lastFailedAt } = record.firmware;
  return {
    readEnvironment: () => (record.running === 'windows' ? 'windows' : 'recovery'),
    readIdentity: () => record.identity,
    readStartReason: () => ({
      kind: startReason,
      failedStarts,
      ...(lastFailedAt === undefined ? {} : { lastFailedAtMs: Date.parse(lastFailedAt) }),
    }),
    readPower: () => ({ source: 'mains' }),
    listVolumes: () => record.drives.map(({ letter, bitLocker }) => ({ root: `${letter}:\\`, bitLocker })),
    readBootEntryVolume: () =>
      record.bootEntryDrive === undefined ? undefined : `${record.bootEntryDrive}:\\`,
    reboot: () => writeMachine(directory, { ...record, running: 'off' }),
    handOver: () => undefined,
  };
}
