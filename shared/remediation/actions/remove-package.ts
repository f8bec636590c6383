import { changeByTool, leavesAbsent } from '../tool-change.ts';
import { readClauses } from '../read-clauses.ts';
import { readPackageIdentity } from '../read-servicing.ts';
import { refuse } from '../resolve-files.ts';
import { findPackages, isRemoved } from '../servicing-state.ts';
import type { RemovePackageAction } from '../syntax-tree.ts';
import { removePackageRun } from '../tools/tool-run.ts';
import type { ActionDefinition } from './action-definition.ts';

const fold = (identity: string) => identity.toLowerCase();

export const removePackage: ActionDefinition<RemovePackageAction> = {
  verb: 'remove package',
  form: 'remove package IDENTITY, accepting no undo',
  example: 'remove package Package_for_RollupFix~31bf3856ad364e35~amd64~~22621.3880.1.10, accepting no undo',
  class: 'one-way',
  meaning: 'takes one package out of the component store with DISM',
  clauses: ['accepting no undo'],
  undo: 'none: DISM changes thousands of files and finishes at the next start; hives and boot options are saved before',
  verify: 'the component store says that the package is gone, or goes at the next start',
  traps: [
    'A cumulative update is named by its package identity, not by its KB number; `bootmend hive SOFTWARE` lists identities.',
    'A package that is permanent, as the servicing stack, cannot be removed. An older WinRE cannot service a newer Windows.',
    'It can take 16 minutes and more; a machine on battery below 20 % is refused.',
  ],
  source: 'Microsoft: DISM operating system package servicing command-line options',
  windows: 'Windows 7 and later; recovery image not older than the Windows',
  changes: 'windows',
  read(cursor) {
    const identity = readPackageIdentity(cursor);
    const clauses = identity === undefined ? undefined : readClauses(cursor, this.clauses, 'required');
    if (identity === undefined || !clauses) return undefined;
    return { verb: 'remove package', identity, acceptingNoUndo: clauses.said.has('accepting no undo') };
  },
  print: ({ identity, acceptingNoUndo }) =>
    `remove package ${identity}${acceptingNoUndo ? ', accepting no undo' : ''}`,
  explain: ({ identity }) => `Removes the package ${identity} with DISM. This cannot be undone.`,
  plan({ identity }, { volume, registry }) {
    const found = findPackages(registry, name => fold(name) === fold(identity));
    if (!found.ok) return refuse('servicing-unknown', found.reason);
    const there = found.packages.filter(one => !isRemoved(one));
    if (there.some(one => one.state === 'permanent'))
      return refuse('package-permanent', `The package ${identity} is permanent and cannot be removed.`);
    return there.map(one =>
      changeByTool(volume, {
        class: 'one-way',
        proof: 'volume',
        run: removePackageRun(volume.root, one.identity),
        leaves: leavesAbsent(one.identity),
        what: `remove package ${one.identity} (${one.state})`,
      }),
    );
  },
  prove({ identity }, { registry }) {
    const found = findPackages(registry, name => fold(name) === fold(identity));
    if (!found.ok) return { verdict: 'unknown', reason: found.reason };
    const left = found.packages.find(one => !isRemoved(one));
    return left
      ? { verdict: 'failed', reason: `The package ${identity} is still ${left.state}.` }
      : { verdict: 'held', reason: `The package ${identity} is gone.` };
  },
};
