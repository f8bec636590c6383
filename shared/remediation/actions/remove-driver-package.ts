import { changeByTool } from '../tool-change.ts';
import { readClauses } from '../read-clauses.ts';
import { readDriverPackage } from '../read-servicing.ts';
import type { RemoveDriverPackageAction } from '../syntax-tree.ts';
import { removeDriverRun } from '../tools/tool-run.ts';
import type { ActionDefinition } from './action-definition.ts';

const infOf = (windowsDirectory: string, file: string) => `${windowsDirectory}\\INF\\${file}`;

export const removeDriverPackage: ActionDefinition<RemoveDriverPackageAction> = {
  verb: 'remove driver package',
  form: 'remove driver package OEM.inf, accepting no undo',
  example: 'remove driver package oem12.inf, accepting no undo',
  class: 'one-way',
  meaning: 'takes one driver package of another maker out of the driver store with DISM',
  clauses: ['accepting no undo'],
  undo: 'none: the package leaves the driver store; hives and boot options are saved before',
  verify: 'the package is no longer among the published ones in the INF folder',
  traps: [
    'The number in oem12.inf differs from machine to machine: guard it by the version of the driver.',
    'Removing the package of a controller that Windows starts from stops it with 0x7B.',
  ],
  source: 'Microsoft: DISM driver servicing command-line options',
  windows: 'Windows 7 and later; recovery image not older than the Windows',
  changes: 'windows',
  read(cursor) {
    const file = readDriverPackage(cursor);
    const clauses = file === undefined ? undefined : readClauses(cursor, this.clauses, 'required');
    if (file === undefined || !clauses) return undefined;
    return { verb: 'remove driver package', file, acceptingNoUndo: clauses.said.has('accepting no undo') };
  },
  print: ({ file, acceptingNoUndo }) =>
    `remove driver package ${file}${acceptingNoUndo ? ', accepting no undo' : ''}`,
  explain: ({ file }) =>
    `Removes the driver package ${file} from the driver store with DISM. This cannot be undone.`,
  plan: ({ file }, { volume }) =>
    volume.find(infOf(volume.windowsDirectory, file))?.kind === 'file'
      ? [
          changeByTool(volume, {
            class: 'one-way',
            proof: 'volume',
            run: removeDriverRun(volume.root, file),
            what: `remove driver package ${file}`,
          }),
        ]
      : [],
  prove: ({ file }, { volume }) =>
    volume.find(infOf(volume.windowsDirectory, file))
      ? { verdict: 'failed', reason: `${file} is still published.` }
      : { verdict: 'held', reason: `The driver package ${file} is gone.` },
};
