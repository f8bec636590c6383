import { changeByTool, leavesAbsent } from '../tool-change.ts';
import { readClauses } from '../read-clauses.ts';
import { readUpdate } from '../read-servicing.ts';
import { refuse } from '../resolve-files.ts';
import { findPackages, isOfUpdate, isRemoved } from '../servicing-state.ts';
import type { RemoveUpdateAction } from '../syntax-tree.ts';
import { removePackageRun } from '../tools/tool-run.ts';
import type { ActionDefinition } from './action-definition.ts';

export const removeUpdate: ActionDefinition<RemoveUpdateAction> = {
  verb: 'remove update',
  form: 'remove update KB, accepting no undo',
  example: 'remove update KB2823324, accepting no undo',
  class: 'one-way',
  meaning: 'takes the packages of one update out of the component store with DISM',
  clauses: ['accepting no undo'],
  undo: 'none: DISM changes thousands of files and finishes at the next start; hives and boot options are saved before',
  verify: 'the component store says that no package of the update is left, or that it goes at the next start',
  traps: [
    'From Windows 10 on a cumulative update carries no KB number in the component store: use `remove package`.',
    'A package that is permanent cannot be removed. An older WinRE cannot service a newer Windows.',
  ],
  source: 'Microsoft: DISM operating system package servicing command-line options',
  windows:
    'Windows 7 to 8.1, and later ones for updates that the component store knows by number; recovery image not older than the Windows',
  changes: 'windows',
  read(cursor) {
    const update = readUpdate(cursor);
    const clauses = update === undefined ? undefined : readClauses(cursor, this.clauses, 'required');
    if (update === undefined || !clauses) return undefined;
    return { verb: 'remove update', update, acceptingNoUndo: clauses.said.has('accepting no undo') };
  },
  print: ({ update, acceptingNoUndo }) =>
    `remove update ${update}${acceptingNoUndo ? ', accepting no undo' : ''}`,
  explain: ({ update }) => `Removes the update ${update} with DISM. This cannot be undone.`,
  plan({ update }, { volume, registry }) {
    const found = findPackages(registry, isOfUpdate(update));
    if (!found.ok) return refuse('servicing-unknown', found.reason);
    const there = found.packages.filter(one => !isRemoved(one));
    if (there.some(one => one.state === 'permanent'))
      return refuse('package-permanent', `The update ${update} is permanent and cannot be removed.`);
    return there.map(one =>
      changeByTool(volume, {
        class: 'one-way',
        proof: 'volume',
        run: removePackageRun(volume.root, one.identity),
        leaves: leavesAbsent(one.identity),
        what: `remove ${update}: package ${one.identity} (${one.state})`,
      }),
    );
  },
  prove({ update }, { registry }) {
    const found = findPackages(registry, isOfUpdate(update));
    if (!found.ok) return { verdict: 'unknown', reason: found.reason };
    const left = found.packages.find(one => !isRemoved(one));
    return left
      ? { verdict: 'failed', reason: `The update ${update} is still ${left.state}.` }
      : { verdict: 'held', reason: `The update ${update} is gone.` };
  },
};
