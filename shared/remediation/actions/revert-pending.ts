import { changeByTool } from '../tool-change.ts';
import { readClauses } from '../read-clauses.ts';
import { refuse } from '../resolve-files.ts';
import { findPendingServicing } from '../servicing-state.ts';
import type { RevertPendingAction } from '../syntax-tree.ts';
import { revertPendingRun } from '../tools/tool-run.ts';
import type { ActionDefinition } from './action-definition.ts';

export const revertPending: ActionDefinition<RevertPendingAction> = {
  verb: 'revert pending updates',
  form: 'revert pending updates, accepting no undo',
  example: 'revert pending updates, accepting no undo',
  class: 'one-way',
  meaning: 'takes back the servicing that waits for the next start with DISM',
  clauses: ['accepting no undo'],
  undo: 'none: DISM rewrites what waits and finishes at the next start; hives and boot options are saved before',
  verify:
    'DISM says that it succeeded, and the hives of servicing or the file with the work are others than before; the rest shows only after the next start, and the outcome says so',
  traps: [
    'Only for a Windows that does not start: it takes back every update that waits, also ones that are sound.',
    'An older WinRE cannot service a newer Windows.',
  ],
  source: 'Microsoft: DISM operating system package servicing command-line options, RevertPendingActions',
  isProvenByTool: true,
  windows: 'Windows 7 and later; recovery image not older than the Windows',
  changes: 'windows',
  read(cursor) {
    const clauses = readClauses(cursor, this.clauses, 'required');
    return (
      clauses && { verb: 'revert pending updates', acceptingNoUndo: clauses.said.has('accepting no undo') }
    );
  },
  print: ({ acceptingNoUndo }) => `revert pending updates${acceptingNoUndo ? ', accepting no undo' : ''}`,
  explain: () => 'Takes back all updates that wait for the next start, with DISM. This cannot be undone.',
  plan(_, { volume, registry }) {
    const pending = findPendingServicing(registry, volume);
    if (!pending.ok) return refuse('servicing-unknown', pending.reason);
    if (pending.signs.length === 0) return [];
    return [
      changeByTool(volume, {
        class: 'one-way',
        proof: 'tool',
        run: revertPendingRun(volume.root),
        what: `revert pending updates (${pending.signs.join(', ')})`,
      }),
    ];
  },
  // RevertPendingActions finishes at the next start, so nothing on the volume tells more than the tool's own word.
  prove: () => ({ verdict: 'held', reason: 'DISM takes pending updates back at the next start.' }),
};
