import { changeByTool } from '../tool-change.ts';
import type { RepairAction, RepairBy } from '../syntax-tree.ts';
import type { VolumeView } from '../../facts/volume-view.ts';
import {
  repairBootFilesRun,
  repairFileSystemRun,
  repairSystemFilesRun,
  type ToolRun,
} from '../tools/tool-run.ts';
import type { ActionContent, ActionDefinition } from './action-definition.ts';

interface Repair<One extends RepairAction> extends Pick<
  ActionDefinition<One>,
  'verb' | 'meaning' | 'traps' | 'source' | 'windows' | 'explain'
> {
  readonly run: (volume: VolumeView) => ToolRun;
}

/** A tool that makes something whole, is run again until it is, and says itself whether it is. */
const repairBy = <One extends RepairAction>({ run, ...repair }: Repair<One>): ActionDefinition<One> => ({
  ...repair,
  form: repair.verb,
  example: repair.verb,
  class: 'repeatable',
  clauses: [],
  undo: 'none is needed: it only makes whole what is damaged, and can be run again',
  verify: 'the tool says that it succeeded',
  isProvenByTool: true,
  changes: 'windows',
  read: () => ({ verb: repair.verb }) as ActionContent<One>,
  print: () => repair.verb,
  plan: (_, { volume }) => [
    changeByTool(volume, { class: 'repeatable', proof: 'tool', run: run(volume), what: repair.verb }),
  ],
  prove: () => ({ verdict: 'held', reason: `The tool of "${repair.verb}" said that it succeeded.` }),
});

export const repairSystemFiles = repairBy<RepairBy<'repair system files'>>({
  verb: 'repair system files',
  meaning: 'replaces damaged files of Windows from its component store with SFC',
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
  meaning: 'repairs the file system of the Windows volume with CHKDSK /f',
  traps: [
    'It can take hours on a large disk. It cannot repair a volume that BitLocker holds locked.',
    'On build 19041 with the update of December 2020, CHKDSK inside Windows damaged volumes; in WinRE it repaired them.',
  ],
  source: 'Microsoft: chkdsk command',
  windows: 'Windows 7 and later',
  explain: () => 'Repairs the file system of the Windows volume, with CHKDSK.',
  run: ({ root }) => repairFileSystemRun(root),
});

export const repairBootFiles = repairBy<RepairBy<'repair boot files'>>({
  verb: 'repair boot files',
  meaning: 'writes the files that start Windows to the system partition again with BCDBoot',
  traps: [
    'It writes an entry for the Windows that was found and keeps the other entries.',
    'BitLocker can ask for the recovery key at the next start.',
  ],
  source: 'Microsoft: BCDBoot command-line options',
  windows: 'Windows 7 and later',
  explain: () => 'Writes the boot files of this Windows again, with BCDBoot.',
  run: ({ windowsDirectory }) => repairBootFilesRun(windowsDirectory),
});
