import { foldName } from '../../facts/glob.ts';
import { isOpenPlace } from '../open-places.ts';
import { findProtectionOfText, isSecretPlace } from '../protected-places.ts';
import { asOfThisWindows } from '../restore-source.ts';
import { type Action, actionsOf } from '../syntax-tree.ts';
import type { FilePath, FolderPath } from '../tree-parts.ts';
import type { Check } from './check.ts';

/**
 * What comes from where anybody may have left it is known by its hash: else a signed line would carry a stranger's file
 * to where only administrators write. Within one folder it gains nobody anything.
 */
export const sourceIsPinned: Check = (script, report) => {
  for (const action of actionsOf(script)) {
    const { from, to } = wayOf(action);
    if (!from || !to || !isOpenPlace(from) || isSameFolder(from, to)) continue;
    if (isSecretPlace(findProtectionOfText(asOfThisWindows(from)))) continue;
    report.add(
      'source-not-pinned',
      from.span,
      'Anybody who uses this machine could have put the file here. Expected: the clause sha256 HASH, with the hash of the file, or a file below %SystemRoot% or %ProgramFiles%.',
    );
  }
};

/** Where a line brings a file from and to, unless it says by its hash which file that is. */
function wayOf(action: Action): { readonly from?: FilePath; readonly to?: FilePath } {
  if ((action.verb !== 'copy' && action.verb !== 'restore') || action.traits.sha256 !== undefined) return {};
  if (action.verb === 'copy') return { from: action.path, to: action.to };
  return typeof action.from === 'object' ? { from: action.from, to: action.path } : {};
}

const isSameFolder = (one: FolderPath, other: FolderPath) => spell(one) === spell(other);
const spell = ({ place, folders }: FolderPath) => foldName([place, ...folders].join('\\'));
