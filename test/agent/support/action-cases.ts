import assert from 'node:assert/strict';
import type { MemoryDisk } from '../../../agent/host/memory-disk.ts';
import { parsePath } from '../../../agent/host/windows-path.ts';
import { bootManagerFile, bootStore } from '../../../agent/lab/tools/boot-store.ts';
import { damageMark } from '../../../agent/lab/tools/chkdsk.ts';
import { storeFolder } from '../../../agent/lab/tools/sfc.ts';
import { buildBootStore, buildSoftwareHive } from '../../../agent/lab/registry/windows-hives.ts';
import { memorySource } from '../../../shared/bytes/byte-source.ts';
import { readBootConfiguration } from '../../../shared/registry/boot-configuration.ts';
import { readServicing } from '../../../shared/registry/packages.ts';
import { recoverHive } from '../../../shared/registry/recover-hive.ts';
import type { Action } from '../../../shared/remediation/syntax-tree.ts';
import { installFilter, softwareHive } from './filter-machine.ts';

/** One action of the table on a machine that needs it. */
export interface ActionCase {
  /** The line of the script. */
  readonly line: string;
  /** Makes the machine need it. */
  readonly prepare: (disk: MemoryDisk) => void;
  /** Whether what a tool was started for is true on the volume; the suite compares the files of all others itself. */
  readonly isTrue?: (disk: MemoryDisk) => boolean;
}

const system32 = 'C:\\Windows\\System32';
const cumulative = 'Package_for_RollupFix~31bf3856ad364e35~amd64~~22621.3880.1.10';
const single = 'Package_for_KB5039895~31bf3856ad364e35~amd64~~22621.3879.9217.1';
const [installed, installPending] = [0x70, 0x60];

const put = (disk: MemoryDisk, path: string, content: string | Uint8Array) =>
  disk.place(parsePath(path).components, { bytes: new Uint8Array(Buffer.from(content)), writtenAtMs: 7000 });
const read = (disk: MemoryDisk, path: string) =>
  disk.find(parsePath(path)) && disk.read(parsePath(path), 0, Number.MAX_SAFE_INTEGER);
const nothing = () => undefined;
const isAbsent = (path: string) => (disk: MemoryDisk) => !disk.find(parsePath(path));
const has = (path: string, content: string) => (disk: MemoryDisk) =>
  Buffer.from(read(disk, path) ?? []).toString('latin1') === content;

/** The SOFTWARE hive of the machine with these packages and their states. */
const withPackages = (states: Readonly<Record<string, number>>) => (disk: MemoryDisk) =>
  put(
    disk,
    softwareHive,
    buildSoftwareHive({
      build: 22_631,
      revision: 3880,
      machineGuid: '0',
      packages: Object.entries(states).map(([name, state]) => ({ name, state })),
    }),
  );

const isInState = (identity: string, state: string) => (disk: MemoryDisk) => {
  const recovered = recoverHive(memorySource(read(disk, softwareHive)!), {});
  assert.ok(recovered.ok);
  return readServicing(recovered.hive).packages.find(one => one.name === identity)?.state === state;
};

const startsInSafeMode = (disk: MemoryDisk) => {
  const recovered = recoverHive(memorySource(read(disk, `C:\\${bootStore}`)!), {});
  assert.ok(recovered.ok);
  const { default: id, loaders } = readBootConfiguration(recovered.hive);
  return loaders.find(loader => loader.id === id)?.safeBoot === 'minimal';
};

/** Every action there is: a new row of the action table does not compile until it has one here. */
export const actionCases: { readonly [Verb in Action['verb']]: ActionCase } = {
  delete: {
    line: String.raw`delete %SystemRoot%\System32\drivers\contoso.sys, at most 1 files`,
    prepare: disk => put(disk, `${system32}\\drivers\\contoso.sys`, 'bad'),
  },
  rename: {
    line: String.raw`rename %SystemRoot%\System32\drivers\contoso.sys to contoso.sys.off`,
    prepare: disk => put(disk, `${system32}\\drivers\\contoso.sys`, 'bad'),
  },
  copy: {
    line: String.raw`copy %SystemRoot%\System32\drivers\hidparse.sys to %SystemRoot%\System32\hidparse.sys, replacing what is there`,
    prepare(disk) {
      put(disk, `${system32}\\drivers\\hidparse.sys`, 'the new one');
      put(disk, `${system32}\\hidparse.sys`, 'the old one, longer');
    },
  },
  restore: {
    line: String.raw`restore %SystemRoot%\System32\drivers\ct.sys from driver store`,
    prepare: disk => put(disk, `${system32}\\DriverStore\\FileRepository\\ct.inf_amd64_1\\ct.sys`, 'whole'),
  },
  disable: { line: 'disable driver cntflt, removing filter entries', prepare: installFilter },
  enable: { line: 'enable driver cntflt as demand-start', prepare: installFilter },
  'set registry': {
    line: String.raw`set registry HKLM\SYSTEM\CurrentControlSet\Control\CrashControl value AutoReboot to number 0`,
    prepare: nothing,
  },
  'remove registry': {
    line: String.raw`remove registry HKLM\SYSTEM\CurrentControlSet\Control\CrashControl value Overwrite`,
    prepare: nothing,
  },
  'set boot option': {
    line: 'set boot option safe mode',
    prepare: nothing,
    isTrue: startsInSafeMode,
  },
  'clear boot option': {
    line: 'clear boot option safe mode',
    prepare: disk => put(disk, `C:\\${bootStore}`, buildBootStore({ safeBoot: 0 })),
    isTrue: disk => !startsInSafeMode(disk),
  },
  'repair system files': {
    line: 'repair system files',
    prepare(disk) {
      put(disk, `C:\\${storeFolder}\\kd.dll`, 'MZ whole');
      put(disk, `${system32}\\kd.dll`, 'torn');
    },
    isTrue: has(`${system32}\\kd.dll`, 'MZ whole'),
  },
  'repair file system': {
    line: 'repair file system',
    prepare: disk => put(disk, `C:\\${damageMark}`, 'x'),
    isTrue: isAbsent(`C:\\${damageMark}`),
  },
  'repair boot files': {
    line: 'repair boot files',
    prepare: disk => put(disk, `C:\\${bootManagerFile}`, 'torn'),
    isTrue: disk => Buffer.from(read(disk, `C:\\${bootManagerFile}`)!).toString('latin1', 0, 2) === 'MZ',
  },
  'remove package': {
    line: `remove package ${cumulative}, accepting no undo`,
    prepare: withPackages({ [cumulative]: installed }),
    isTrue: isInState(cumulative, 'absent'),
  },
  'remove update': {
    line: 'remove update KB5039895, accepting no undo',
    prepare: withPackages({ [single]: installed }),
    isTrue: isInState(single, 'absent'),
  },
  'remove driver package': {
    line: 'remove driver package oem12.inf, accepting no undo',
    prepare(disk) {
      put(disk, 'C:\\Windows\\INF\\oem12.inf', '[x]\nServiceBinary = %12%\\contoso.sys\n');
      put(disk, `${system32}\\drivers\\contoso.sys`, 'bad');
    },
    isTrue: isAbsent('C:\\Windows\\INF\\oem12.inf'),
  },
  'revert pending updates': {
    line: 'revert pending updates, accepting no undo',
    prepare(disk) {
      withPackages({ [cumulative]: installPending })(disk);
      put(disk, 'C:\\Windows\\WinSxS\\pending.xml', '<pending/>');
    },
    isTrue: isInState(cumulative, 'staged'),
  },
};
