import type { HostLog, HostMachine, HostScreen, HostTools } from '../host/host.ts';
import { createNodeFiles } from '../host/node-files.ts';
import { createNodeHost } from '../host/node-host.ts';
import { LabTree } from './lab-tree.ts';
import { driveFolder, readMachine, systemFolder, writeMachine } from './machine-record.ts';
import type { ToolBench } from './tools/lab-tool.ts';
import { createLabTools } from './tools/lab-tools.ts';
import { createLabWindowsTools } from './tools/lab-windows-tools.ts';

export interface LabHostOptions {
  readonly screen: HostScreen;
  readonly log: HostLog;
  /** Its programs; stand-ins that work on its files unless told, those of Windows while Windows runs. */
  readonly tools?: HostTools;
  readonly keyPressed?: Promise<void>;
}

/** The agent's host over a lab machine: its drives are folders, its firmware is `machine.json`. */
export function createLabHost(directory: string, options: LabHostOptions): ReturnType<typeof createNodeHost> {
  const record = readMachine(directory);
  const readable = record.drives.filter(drive => drive.bitLocker !== 'locked');
  const drives = Object.fromEntries(readable.map(drive => [drive.letter, driveFolder(directory, drive)]));
  const bench = () => benchOf(directory);
  const tools =
    options.tools ??
    (record.running === 'windows'
      ? createLabWindowsTools({ directory, drives: record.drives, files: createNodeFiles(drives), bench })
      : createLabTools({ bench }));
  return createNodeHost({ ...options, tools, drives, machine: createLabFirmware(directory) });
}

function benchOf(directory: string): ToolBench {
  const record = readMachine(directory);
  return {
    volume: new LabTree(systemFolder(directory, record)),
    root: `${record.bootEntryDrive ?? record.drives[0]?.letter ?? 'C'}:\\`,
    now: new Date(record.clockAt),
  };
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
    readImagePlace: () => undefined,
    reboot: () => writeMachine(directory, { ...record, running: 'off' }),
    handOver: () => undefined,
  };
}
