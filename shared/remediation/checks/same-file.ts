import { foldName } from '../../facts/glob.ts';
import { printPath } from '../phrases.ts';
import { type Action, actionsOf } from '../syntax-tree.ts';
import type { FilePath } from '../tree-parts.ts';
import type { Check } from './check.ts';

/** A file is renamed, copied and restored to something else than itself. */
export const sameFile: Check = (script, report) => {
  for (const action of actionsOf(script)) {
    const [from, to] = endsOf(action);
    if (from === undefined || to === undefined || spell(from) !== spell(to)) continue;
    report.add(
      'same-file',
      action.verb === 'rename' ? action.span : to.span,
      `Both names mean one file, so nothing would change. Expected: ${action.verb === 'rename' ? 'another name behind to' : 'another path'}.`,
    );
  }
};

/** Where a file comes from and what it becomes. */
function endsOf(action: Action): readonly FilePath[] {
  if (action.verb === 'rename') return [action.path, { ...action.path, name: action.toName }];
  if (action.verb === 'copy') return [action.path, action.to];
  return action.verb === 'restore' && typeof action.from === 'object' ? [action.path, action.from] : [];
}

const spell = (path: FilePath) =>
  foldName(printPath(path).replace(/^%SystemDrive%\\Windows\\/i, '%SystemRoot%\\'));
