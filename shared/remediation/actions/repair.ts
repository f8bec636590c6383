import { changeByTool } from '../tool-change.ts';
import type { RepairAction, RepairBy } from '../syntax-tree.ts';
import type { VolumeView } from '../../facts/volume-view.ts';
import type { OfflineRegistry } from '../offline-registry.ts';
import {
  repairBootFilesRun,
  repairFileSystemRun,
  repairSystemFilesRun,
  type ToolRun,
} from '../tools/tool-run.ts';
import type { ActionContent, ActionDefinition } from './action-definition.ts';

interface Repair<One extends RepairAction> extends Pick<
  ActionDefinition<One>,
  'verb' | 'meaning' | 'traps' | 'source' | 'windows' | 'explain' | 'verify'
> {
  readonly run: (volume: VolumeView) => ToolRun;
  /** What must be so besides on the volume; undefined when nothing speaks against the tool. */
  readonly findContradiction?: (volume: VolumeView, registry: OfflineRegistry) => string | undefined;
}

/** A tool that makes something whole and is run again until it is. */
const repairBy = <One extends RepairAction>({
  run,
  findContradiction,
  ...repair
}: Repair<One>): ActionDefinition<One> => ({
  ...repair,
  form: repair.verb,
  example: repair.verb,
  class: 'repeatable',
  clauses: [],
  undo: 'none is needed: it only makes whole what is damaged, and can be run again',
  isProvenByTool: true,
  changes: 'windows',
  read: () => ({ verb: repair.verb }) as ActionContent<One>,
  print: () => repair.verb,
  plan: (_, { volume }) => [
    changeByTool(volume, { class: 'repeatable', proof: 'tool', run: run(volume), what: repair.verb }),
  ],
  prove(_, { volume, registry }) {
    const contradiction = findContradiction?.(volume, registry);
    return contradiction === undefined
      ? { verdict: 'held', reason: `The tool of "${repair.verb}" said that it succeeded.` }
      : { verdict: 'failed', reason: contradiction };
  },
});

export const repairSystemFiles = repairBy<RepairBy<'repair system files'>>({
  verb: 'repair system files',
  meaning: 'replaces damaged files of Windows from its component store with SFC',
  verify:
    'SFC says that it succeeded, and its own log names no file that it could not repair; an SFC without such a log is believed, and the outcome says so',
  traps: [
    'A damaged component store makes it worse: a file that is damaged there too stays damaged. Look at CBS.log first.',
    'With an update half installed it refuses: revert pending updates first.',
  ],
  source:
    'Microsoft: sfc command; use the System File Checker tool to repair missing or corrupted system files',
  windows: 'Windows 7 and later; a recovery image of the same Windows is advised',
  explain: () => 'Repairs damaged files of Windows from its own component store, with SFC.',
  run: ({ root, windowsDirectory }) => repairSystemFilesRun(root, windowsDirectory),
});

export const repairFileSystem = repairBy<RepairBy<'repair file system'>>({
  verb: 'repair file system',
  meaning: 'repairs the file system of the Windows volume with CHKDSK /f /x',
  verify:
    'CHKDSK says that it succeeded, and the registry of the volume can be read; nothing else shows it, and the outcome says so',
  traps: [
    'It can take hours on a large disk. It cannot repair a volume that BitLocker holds locked.',
    'It takes the volume from whoever has files open there: without /x it would ask, and nobody answers.',
    'On build 19041 with the update of December 2020, CHKDSK inside Windows damaged volumes; in WinRE it repaired them.',
  ],
  source: 'Microsoft: chkdsk command',
  windows: 'Windows 7 and later',
  explain: () => 'Repairs the file system of the Windows volume, with CHKDSK.',
  run: ({ root }) => repairFileSystemRun(root),
  findContradiction(_, registry) {
    const opened = registry.open('SYSTEM');
    return opened.ok ? undefined : `After the repair, ${opened.reason}`;
  },
});

/** Where a boot store lies when the Windows volume is the system partition too, with the boot manager that reads it. */
const bootPlaces = [
  { store: 'Boot\\BCD', manager: 'bootmgr' },
  { store: 'EFI\\Microsoft\\Boot\\BCD', manager: 'EFI\\Microsoft\\Boot\\bootmgfw.efi' },
] as const;

export const repairBootFiles = repairBy<RepairBy<'repair boot files'>>({
  verb: 'repair boot files',
  meaning: 'writes the files that start Windows to the system partition again with BCDBoot',
  verify:
    'the boot store, exported and read again, offers this Windows, and a boot store on the Windows volume has its boot manager beside it',
  traps: [
    'It writes an entry for the Windows that was found and keeps the other entries.',
    'BitLocker can ask for the recovery key at the next start.',
  ],
  source: 'Microsoft: BCDBoot command-line options',
  windows: 'Windows 7 and later',
  explain: () => 'Writes the boot files of this Windows again, with BCDBoot.',
  run: ({ windowsDirectory }) => repairBootFilesRun(windowsDirectory),
  findContradiction(volume) {
    const { root } = volume;
    const alone = bootPlaces.find(
      ({ store, manager }) =>
        volume.find(`${root}${store}`)?.kind === 'file' &&
        !(volume.find(`${root}${manager}`)?.sizeBytes ?? 0),
    );
    return alone && `${root}${alone.store} is there without ${root}${alone.manager}.`;
  },
});
