import { damageMark } from '../../../agent/lab/tools/chkdsk.ts';
import { bootManagerFile, bootStore } from '../../../agent/lab/tools/boot-store.ts';
import { buildBootStore } from '../../../agent/lab/registry/windows-hives.ts';
import { storeFolder } from '../../../agent/lab/tools/sfc.ts';
import type { MemoryDisk } from '../../../agent/host/memory-disk.ts';
import { parsePath } from '../../../agent/host/windows-path.ts';
import { memorySource } from '../../../shared/bytes/byte-source.ts';
import { readBootConfiguration } from '../../../shared/registry/boot-configuration.ts';
import { readServicing } from '../../../shared/registry/packages.ts';
import { recoverHive } from '../../../shared/registry/recover-hive.ts';
import type { Action } from '../../../shared/remediation/syntax-tree.ts';
import { installFilter } from './filter-machine.ts';
import { memoryVolume } from './memory-volume.ts';

/** One action on a machine that it fits, to be cut off and disturbed at any moment. */
export interface ActionTrial {
  readonly step: string;
  /** What must be there besides the machine of the catalogue. */
  readonly prepare?: (disk: MemoryDisk) => void;
  /** Whether a tool did its work, by what the volume shows; actions of our own are judged by their files. */
  readonly isDone?: (disk: MemoryDisk) => boolean;
}

const folder = String.raw`%SystemRoot%\System32\drivers\CrowdStrike`;
const update = 'Package_for_KB5039895~31bf3856ad364e35~amd64~~22621.3879.9217.1';
const bytes = (text: string) => new Uint8Array(Buffer.from(text));
const place =
  (name: string, content: string) =>
  (disk: MemoryDisk): void =>
    disk.place(parsePath(`C:\\${name}`).components, { bytes: bytes(content), writtenAtMs: 7000 });
const read = (disk: MemoryDisk, name: string) => memoryVolume(disk).read(name);

function isRemoved(disk: MemoryDisk): boolean {
  const recovered = recoverHive(memorySource(read(disk, 'Windows\\System32\\config\\SOFTWARE')!), {});
  const state = recovered.ok
    ? readServicing(recovered.hive).packages.find(one => one.name === update)?.state
    : undefined;
  return state === 'absent';
}

/** The safe mode that the machine starts in, as its boot store says. */
export function safeBootOf(disk: MemoryDisk): string | null | undefined {
  const recovered = recoverHive(memorySource(read(disk, bootStore)!), {});
  if (!recovered.ok) return undefined;
  const store = readBootConfiguration(recovered.hive);
  return store.loaders.find(one => one.id === store.default)?.safeBoot;
}

/** A trial for every verb of the action table: one without a row here does not compile. */
export const actionTrials: Readonly<Record<Action['verb'], ActionTrial>> = {
  delete: { step: `delete ${folder}\\C-00000291-00000000-00000032.sys` },
  rename: { step: `rename ${folder}\\C-00000285-00000000-00000012.sys to C-00000285.off` },
  copy: {
    step: `copy ${folder}\\csagent.sys to ${folder}\\csboot.sys, replacing what is there`,
  },
  restore: {
    step: String.raw`restore %SystemRoot%\System32\drivers\ct.sys from driver store`,
    prepare: place('Windows\\System32\\DriverStore\\FileRepository\\ct.inf_amd64_1\\ct.sys', 'whole'),
  },
  disable: { step: 'disable driver cntflt, removing filter entries', prepare: installFilter },
  enable: { step: 'enable driver cntflt as demand-start', prepare: installFilter },
  'remove filter entry': { step: 'remove filter entry cntflt', prepare: installFilter },
  'add filter entry': {
    step: 'add filter entry cntflt to lower filters of DiskDrive',
    prepare: installFilter,
  },
  'set registry': {
    step: String.raw`set registry HKLM\SYSTEM\CurrentControlSet\Control\CrashControl value AutoReboot to number 0`,
  },
  'remove registry': {
    step: String.raw`remove registry HKLM\SYSTEM\CurrentControlSet\Control\CrashControl value Overwrite`,
  },
  'set boot option': {
    step: 'set boot option safe mode',
    isDone: disk => safeBootOf(disk) === 'minimal',
  },
  'clear boot option': {
    step: 'clear boot option safe mode',
    prepare: disk => memoryVolume(disk).write(bootStore, buildBootStore({ safeBoot: 0 }), new Date(7000)),
    isDone: disk => safeBootOf(disk) === null,
  },
  'repair system files': {
    step: 'repair system files',
    prepare: disk => {
      place(`${storeFolder}\\notepad.dll`, 'whole')(disk);
      place('Windows\\System32\\notepad.dll', 'damaged')(disk);
    },
    isDone: disk => Buffer.from(read(disk, 'Windows\\System32\\notepad.dll')!).toString() === 'whole',
  },
  'repair file system': {
    step: 'repair file system',
    prepare: place(damageMark, 'x'),
    isDone: disk => read(disk, damageMark) === undefined,
  },
  'repair boot files': {
    step: 'repair boot files',
    prepare: disk => disk.remove(parsePath(`C:\\${bootManagerFile}`)),
    isDone: disk => read(disk, bootManagerFile) !== undefined,
  },
  'remove package': { step: `remove package ${update}, accepting no undo`, isDone: isRemoved },
  'remove update': { step: 'remove update KB5039895, accepting no undo', isDone: isRemoved },
  'remove driver package': {
    step: 'remove driver package oem12.inf, accepting no undo',
    prepare: disk => {
      place('Windows\\INF\\oem12.inf', 'ServiceBinary = %12%\\ct.sys\n')(disk);
      place('Windows\\System32\\drivers\\ct.sys', 'driver')(disk);
    },
    isDone: disk => read(disk, 'Windows\\INF\\oem12.inf') === undefined,
  },
  'revert pending updates': {
    step: 'revert pending updates, accepting no undo',
    prepare: place('Windows\\WinSxS\\pending.xml', '<PendingTransaction/>'),
    isDone: disk => read(disk, 'Windows\\WinSxS\\pending.xml') === undefined,
  },
};
