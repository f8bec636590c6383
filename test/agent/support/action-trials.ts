import { createHash } from 'node:crypto';
import { buildDriverFile } from '../../../agent/lab/evidence/driver-file.ts';
import { damageMark } from '../../../agent/lab/tools/chkdsk.ts';
import { bootManagerFile, bootStore } from '../../../agent/lab/tools/boot-store.ts';
import { editSoftware } from '../../../agent/lab/tools/edit-software.ts';
import type { LabVolume } from '../../../agent/lab/tools/lab-tool.ts';
import { labProgramFile } from '../../../agent/lab/tools/lab-program.ts';
import { storeFolder } from '../../../agent/lab/tools/sfc.ts';
import { readHiveOf } from '../../../agent/lab/read-registry.ts';
import { dword, list } from '../../../agent/lab/registry/key-plan.ts';
import {
  buildBootStore,
  buildSoftwareHive,
  buildSystemHive,
} from '../../../agent/lab/registry/windows-hives.ts';
import { memorySource } from '../../../shared/bytes/byte-source.ts';
import { readBootConfiguration } from '../../../shared/registry/boot-configuration.ts';
import { readFilters } from '../../../shared/registry/filters.ts';
import { packagesPath, readServicing } from '../../../shared/registry/packages.ts';
import { recoverHive } from '../../../shared/registry/recover-hive.ts';
import { RegistryReader } from '../../../shared/registry/registry-reader.ts';
import { encodeDword, valueTypes } from '../../../shared/registry/value-type.ts';
import { actionTable } from '../../../shared/remediation/action-table.ts';
import type { ActionClass } from '../../../shared/remediation/actions/action-definition.ts';
import type { Action } from '../../../shared/remediation/syntax-tree.ts';
import { writtenJournal } from './forged-journal.ts';
import { installFilter, judgeStart } from './filter-machine.ts';

/**
 * One action, and what it is for: a machine that started well until `prepare` happened to it, and that does not start
 * until `isDone`. The same machine stands as a folder, to be healed and undone, and in memory, to be cut off and
 * disturbed at any moment.
 */
export interface ActionTrial {
  /** Medium where nothing is said. */
  readonly risk?: 'high';
  /** The lines of the script that do it. */
  readonly step: string;
  /** What happens to a machine that was well. */
  readonly prepare: (volume: LabVolume) => void;
  /** Whether Windows would start, by what the volume shows and not by our scripts; true before anything happened. */
  readonly isDone: (volume: LabVolume) => boolean;
}

const folder = 'Windows\\System32\\drivers\\Contoso';
const inFolder = (name: string) => `%SystemDrive%\\${folder}\\${name}`;
/** A package that the machine has in its component store, absent until it happens. */
export const trialUpdate = 'Package_for_KB5039895~31bf3856ad364e35~amd64~~22621.3879.9217.1';
const happenedAt = new Date('2024-07-19T04:02:00.000Z');

const place =
  (name: string, content: string) =>
  (volume: LabVolume): void =>
    volume.write(name, new Uint8Array(Buffer.from(content)), happenedAt);
const placeAll =
  (...files: readonly (readonly [name: string, content: string])[]) =>
  (volume: LabVolume): void => {
    for (const [name, content] of files) place(name, content)(volume);
  };
const read = (volume: LabVolume, name: string) => volume.read(name);
const isAbsent = (name: string) => (volume: LabVolume) => read(volume, name) === undefined;
/** Whether a file is not there, or holds this. */
const isSound =
  (name: string, whole: string) =>
  (volume: LabVolume): boolean =>
    Buffer.from(read(volume, name) ?? Buffer.from(whole)).toString() === whole;

/** The update is there, as after a night in which it came. */
const installUpdate = (volume: LabVolume): void => {
  const number = { type: valueTypes.dword, data: encodeDword(0x70) };
  const key = `${packagesPath}\\${trialUpdate}`;
  const bench = { volume, root: 'C:\\', now: happenedAt };
  if (!editSoftware(bench, () => [{ kind: 'set-value', key, name: 'CurrentState', ...number }]))
    throw new Error('the SOFTWARE hive cannot be edited');
};
const isUpdateGone = (volume: LabVolume): boolean => {
  const hive = readHiveOf(volume, 'SOFTWARE');
  const packages = hive ? readServicing(hive).packages : [];
  return packages.find(one => one.name === trialUpdate)?.state === 'absent';
};

const contoso = String.raw`HKLM\SYSTEM\CurrentControlSet\Control\ContosoDisk`;
const setting = `${contoso} value Mode`;
const plugins = `${contoso} value Plugins`;
/** The SYSTEM hive, all of it written out. */
const writeSystem = (volume: LabVolume, hive: Uint8Array): void => {
  volume.write('Windows\\System32\\config\\SYSTEM', hive, happenedAt);
  for (const log of ['LOG1', 'LOG2'])
    volume.write(`Windows\\System32\\config\\SYSTEM.${log}`, new Uint8Array(0), happenedAt);
};
const changeSetting = (volume: LabVolume): void => {
  const values = [dword('Mode', 2), dword('Kind', 1), list('Plugins', 'core', 'broken')];
  const more = [
    { path: 'Control\\ContosoDisk', values },
    { path: 'Control\\ContosoDisk\\Broken\\Deep', values },
  ];
  const hive = buildSystemHive({ computerName: 'LAPTOP-4711', more });
  writeSystem(volume, hive);
};
const isSettingSound = (volume: LabVolume): boolean => {
  const hive = readHiveOf(volume, 'SYSTEM');
  const key = hive?.findKey('ControlSet001\\Control\\ContosoDisk');
  return hive !== undefined && (new RegistryReader(hive).findNumber(key, 'Mode') ?? 0) === 0;
};

const hasKey = (volume: LabVolume, name: string): boolean =>
  readHiveOf(volume, 'SYSTEM')?.findKey(`ControlSet001\\Control\\ContosoDisk\\${name}`) !== undefined;

/** What the list of plug-ins says; undefined where there is none. */
const pluginsOf = (volume: LabVolume): readonly string[] | undefined => {
  const hive = readHiveOf(volume, 'SYSTEM');
  const key = hive?.findKey('ControlSet001\\Control\\ContosoDisk');
  return hive && (new RegistryReader(hive).findTexts(key, 'Plugins') ?? undefined);
};

/** The safe mode that the machine starts in, as its boot store says. */
export function safeBootOf(volume: Pick<LabVolume, 'read'>): string | null | undefined {
  const recovered = recoverHive(memorySource(volume.read(bootStore) ?? new Uint8Array(0)), {});
  if (!recovered.ok) return undefined;
  const store = readBootConfiguration(recovered.hive);
  return store.loaders.find(one => one.id === store.default)?.safeBoot;
}

/** Whether the filter stands in its list, where it is installed at all. */
const isFilterListed = (volume: LabVolume): boolean => {
  const hive = readHiveOf(volume, 'SYSTEM');
  if (!hive?.findKey('ControlSet001\\Services\\cntflt')) return hive !== undefined;
  return readFilters(hive, 'ControlSet001').filters.some(one => one.upper.includes('cntflt'));
};

const starts = (volume: LabVolume) => judgeStart(volume) === 'starts';
const config = 'Windows\\System32\\config';
const systemHive = `${config}\\SYSTEM`;
/** The filters of disks as a loader finds them that cannot replay logs. */
const filtersWithoutLogs = (volume: LabVolume): readonly string[] => {
  const recovered = recoverHive(memorySource(volume.read(systemHive)!), {});
  return recovered.ok ? readFilters(recovered.hive, 'ControlSet001').filters.flatMap(one => one.upper) : [];
};
const logId = '{016888cd-6c6f-11de-8d1d-001e0bcde3ec}';
const transactionLog = `${config}\\TxR\\${logId}.TxR.0.regtrans-ms`;
const knownIssue = '1234567890';
const mouse = 'USB\\VID_1532&PID_0084';
/** A driver that stops every start but one in safe mode. */
const normalOnly = `${folder}\\normal-only.dat`;

const programFolder = String.raw`%ProgramFiles%\Contoso`;
/** The one program that machines of trials may run. */
export const trialProgram = {
  path: `${programFolder}\\mend.exe`,
  sha256: createHash('sha256').update(labProgramFile).digest('hex'),
};
/** The line that runs it. */
export const trialRun = `run ${trialProgram.path} with "/remove" "%ProgramFiles%\\Contoso\\rules 9.dat", sha256 ${trialProgram.sha256}, at most 5 minutes, accepting no undo`;
const badRules = 'Program Files\\Contoso\\rules 9.dat';
/** What an earlier attempt moved away from a path, as its journal and quarantine keep it. */
const keep =
  (name: string, content: string) =>
  (volume: LabVolume): void => {
    const attemptId = '0190c8a0-0000-7000-8000-000000000001';
    const kept = `ProgramData\\Bootmend\\quarantine\\${attemptId}\\1`;
    const from = `\\${name}`;
    const [sizeBytes, writtenAtMs] = [Buffer.byteLength(content), happenedAt.getTime()];
    const moved = { number: 1, line: 1, from, to: `\\${kept}`, sizeBytes, writtenAtMs } as const;
    const journal = writtenJournal([
      { kind: 'begin', attemptId, episode: '0'.repeat(32), scriptSha256: '0'.repeat(64) },
      { kind: 'intent', action: 'delete', ...moved },
      { kind: 'applied' },
    ]);
    place(kept, content)(volume);
    volume.write(`ProgramData\\Bootmend\\journal\\${attemptId}.journal`, journal, happenedAt);
  };

const driver = 'Windows\\System32\\drivers\\ct.sys';
const shownDriver = String.raw`%SystemRoot%\System32\drivers\ct.sys`;
/** The driver as another revision of this Windows brought it; its company is nobody, so no line needs a word for it. */
const ofThisBuild = buildDriverFile({
  version: '10.0.22621.3880',
  linkedAt: new Date('2024-06-04T00:00:00Z'),
  originalName: 'ct.sys',
});

/** Ways of a verb that lead elsewhere in the agent than the row of the verb, each with the verb that it is of. */
const otherWays = {
  'restore from quarantine': 'restore',
  'restore from a named file': 'restore',
  'add filter entry to devices': 'add filter entry',
} as const satisfies Readonly<Record<string, Action['verb']>>;
/** What is tried: a verb, or another way of one. */
export type TrialName = Action['verb'] | keyof typeof otherWays;

const isOtherWay = (name: TrialName): name is keyof typeof otherWays => Object.hasOwn(otherWays, name);

/** What is promised of the verb that is tried. */
export const classOfTrial = (name: TrialName): ActionClass =>
  actionTable[isOtherWay(name) ? otherWays[name] : name].class;

/** A trial for every verb of the action table: one without a row here does not compile. */
export const actionTrials: Readonly<Record<TrialName, ActionTrial>> = {
  delete: {
    step: `delete ${inFolder('rules-9.dat')}`,
    prepare: place(`${folder}\\rules-9.dat`, 'rules that nobody can read'),
    isDone: isAbsent(`${folder}\\rules-9.dat`),
  },
  rename: {
    step: `rename ${inFolder('start.dat')} to start.off`,
    prepare: place(`${folder}\\start.dat`, 'an order to stop'),
    isDone: isAbsent(`${folder}\\start.dat`),
  },
  copy: {
    step: `copy ${inFolder('spare.dat')} to ${inFolder('active.dat')}, replacing what is there`,
    prepare: placeAll([`${folder}\\active.dat`, 'torn'], [`${folder}\\spare.dat`, 'whole']),
    isDone: isSound(`${folder}\\active.dat`, 'whole'),
  },
  restore: {
    step: `restore ${shownDriver} from driver store`,
    prepare: placeAll(
      ['Windows\\System32\\DriverStore\\FileRepository\\ct.inf_amd64_1\\ct.sys', 'whole'],
      [driver, 'torn'],
    ),
    isDone: isSound(driver, 'whole'),
  },
  'restore from quarantine': {
    step: `restore ${shownDriver} from quarantine`,
    prepare: volume => {
      keep(driver, 'whole')(volume);
      place(driver, 'torn')(volume);
    },
    isDone: isSound(driver, 'whole'),
  },
  'restore from a named file': {
    step: String.raw`restore ${shownDriver} from %SystemRoot%\WinSxS\amd64_ct_1\ct.sys`,
    prepare: volume => {
      volume.write('Windows\\WinSxS\\amd64_ct_1\\ct.sys', ofThisBuild, happenedAt);
      place(driver, 'torn')(volume);
    },
    isDone: volume => Buffer.compare(read(volume, driver) ?? ofThisBuild, ofThisBuild) === 0,
  },
  'roll back known issue': {
    step: `roll back known issue ${knownIssue}`,
    prepare: volume => {
      // The change is in this Windows, and nothing keeps it off.
      const more = [{ path: 'Control\\ContosoChange', values: [dword('Feature', 1)] }];
      writeSystem(volume, buildSystemHive({ computerName: 'LAPTOP-4711', more }));
    },
    isDone: volume => {
      const hive = readHiveOf(volume, 'SYSTEM');
      const key = hive?.findKey('ControlSet001\\Policies\\Microsoft\\FeatureManagement\\Overrides');
      const isOff = hive !== undefined && new RegistryReader(hive).findNumber(key, knownIssue) === 0;
      return isOff || (hive !== undefined && !hive.findKey('ControlSet001\\Control\\ContosoChange'));
    },
  },
  'restore hive': {
    step: 'restore hive SOFTWARE from RegBack',
    prepare: volume => {
      const backup = buildSoftwareHive({ build: 22631, revision: 3880, machineGuid: '0' });
      volume.write(`${config}\\RegBack\\SOFTWARE`, backup, new Date(happenedAt.getTime() - 86_400_000));
      volume.write(`${config}\\SOFTWARE`, new Uint8Array(0x2000), happenedAt);
    },
    isDone: volume => readHiveOf(volume, 'SOFTWARE') !== undefined,
  },
  'replay hives': {
    step: 'replay hives',
    prepare: installFilter,
    isDone: volume => !filtersWithoutLogs(volume).includes('oldflt'),
  },
  'clear transaction logs': {
    step: 'clear transaction logs',
    prepare: placeAll([transactionLog, 'transactions'], [`${systemHive}${logId}.TM.blf`, 'log']),
    isDone: isAbsent(transactionLog),
  },
  disable: {
    step: 'disable driver cntflt, removing filter entries',
    prepare: installFilter,
    isDone: starts,
  },
  enable: {
    step: 'enable driver cntflt as boot-start',
    prepare: volume => installFilter(volume, { start: 4, version: '4.3.0.0' }),
    isDone: starts,
  },
  'remove filter entry': {
    step: 'remove filter entry cntflt',
    prepare: volume => installFilter(volume, { start: 4 }),
    isDone: starts,
  },
  'add filter entry': {
    step: 'add filter entry cntflt to upper filters of DiskDrive',
    prepare: volume => installFilter(volume, { version: '4.3.0.0', isListed: false }),
    isDone: isFilterListed,
  },
  'add filter entry to devices': {
    step: `add filter entry cntflt to upper filters of devices ${mouse}, before mouhid`,
    prepare: volume => {
      const instance = { path: `Enum\\${mouse}\\5&1`, values: [list('UpperFilters', 'mouhid')] };
      const drivers = [{ name: 'cntflt', start: 3 }];
      writeSystem(volume, buildSystemHive({ computerName: 'LAPTOP-4711', drivers, more: [instance] }));
      place('Windows\\System32\\drivers\\cntflt.sys', 'driver')(volume);
    },
    isDone: volume => {
      const hive = readHiveOf(volume, 'SYSTEM');
      const key = hive?.findKey(`ControlSet001\\Enum\\${mouse}\\5&1`);
      return (
        hive !== undefined &&
        (!key || new RegistryReader(hive).findTexts(key, 'UpperFilters')?.[0] === 'cntflt')
      );
    },
  },
  'set registry': {
    step: `set registry ${setting} to number 0\nset registry ${contoso}\\New\\Key value Made to number 1, creating the key\nset registry ${contoso} value Kind to text "one", replacing the type`,
    prepare: changeSetting,
    isDone: volume => isSettingSound(volume) && (hasKey(volume, 'New\\Key') || !hasKey(volume, 'Broken')),
  },
  'remove registry': {
    step: `remove registry ${setting}`,
    prepare: changeSetting,
    isDone: isSettingSound,
  },
  'remove registry key': {
    step: `remove registry key ${contoso}\\Broken`,
    prepare: changeSetting,
    isDone: volume => !hasKey(volume, 'Broken'),
  },
  'add registry entry': {
    step: `add registry entry "disk" to ${plugins}`,
    prepare: changeSetting,
    isDone: volume => pluginsOf(volume)?.includes('disk') ?? true,
  },
  'remove registry entry': {
    step: `remove registry entry "broken" from ${plugins}`,
    prepare: changeSetting,
    isDone: volume => !pluginsOf(volume)?.includes('broken'),
  },
  'set boot option': {
    step: 'set boot option safe mode',
    prepare: place(normalOnly, 'stops every start but one in safe mode'),
    isDone: volume => isAbsent(normalOnly)(volume) || safeBootOf(volume) === 'minimal',
  },
  'clear boot option': {
    step: 'clear boot option safe mode',
    prepare: volume => volume.write(bootStore, buildBootStore({ safeBoot: 0 }), happenedAt),
    isDone: volume => safeBootOf(volume) === null,
  },
  'repair system files': {
    step: 'repair system files',
    prepare: placeAll(
      [`${storeFolder}\\ct-core.dll`, 'whole'],
      ['Windows\\System32\\ct-core.dll', 'damaged'],
    ),
    isDone: isSound('Windows\\System32\\ct-core.dll', 'whole'),
  },
  'repair file system': {
    step: 'repair file system',
    prepare: place(damageMark, 'x'),
    isDone: isAbsent(damageMark),
  },
  'repair boot files': {
    step: 'repair boot files',
    prepare: volume => volume.remove(bootManagerFile),
    isDone: volume => read(volume, bootManagerFile) !== undefined,
  },
  'remove package': {
    step: `remove package ${trialUpdate}, accepting no undo`,
    prepare: installUpdate,
    isDone: isUpdateGone,
  },
  'remove update': {
    step: 'remove update KB5039895, accepting no undo',
    prepare: installUpdate,
    isDone: isUpdateGone,
  },
  'remove driver package': {
    step: 'remove driver package oem12.inf, accepting no undo',
    prepare: placeAll(
      ['Windows\\INF\\oem12.inf', 'ServiceBinary = %12%\\ct.sys\n'],
      ['Windows\\System32\\drivers\\ct.sys', 'driver'],
    ),
    isDone: isAbsent('Windows\\System32\\drivers\\ct.sys'),
  },
  'revert pending updates': {
    step: 'revert pending updates, accepting no undo',
    prepare: place('Windows\\WinSxS\\pending.xml', '<PendingTransaction/>'),
    isDone: isAbsent('Windows\\WinSxS\\pending.xml'),
  },
  run: {
    risk: 'high',
    step: `${trialRun}\n\nverify no file "%ProgramFiles%\\Contoso\\rules 9.dat"`,
    prepare: volume => {
      place(badRules, 'rules that only their vendor can take away')(volume);
      volume.write(
        'Program Files\\Contoso\\mend.exe',
        labProgramFile,
        new Date(happenedAt.getTime() - 86_400_000),
      );
    },
    isDone: isAbsent(badRules),
  },
  collect: {
    step: `collect boot log\ndelete ${inFolder('rules-9.dat')}`,
    prepare: place(`${folder}\\rules-9.dat`, 'rules that nobody can read'),
    isDone: isAbsent(`${folder}\\rules-9.dat`),
  },
  message: {
    step: `message "Your files are safe." for 5 seconds\ndelete ${inFolder('rules-9.dat')}\nmessage "Done."`,
    prepare: place(`${folder}\\rules-9.dat`, 'rules that nobody can read'),
    isDone: isAbsent(`${folder}\\rules-9.dat`),
  },
};

/** Everything that is tried, in the order of the table. */
export const trialNames = Object.keys(actionTrials) as readonly TrialName[];
