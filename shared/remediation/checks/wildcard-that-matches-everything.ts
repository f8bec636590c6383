import { foldName, hasWildcard } from '../../facts/glob.ts';
import { fileActionsOf } from '../syntax-tree.ts';
import type { FilePath } from '../tree-parts.ts';
import type { Check } from './check.ts';

// Folders that Windows shares with everybody: a name made of wildcards there means files of everybody.
const shared = new Set(
  [
    '%SystemDrive%',
    '%ProgramFiles%',
    '%ProgramData%',
    '%SystemRoot%',
    '%SystemRoot%\\System32',
    '%SystemRoot%\\System32\\drivers',
    '%SystemRoot%\\SysWOW64',
    '%SystemDrive%\\Windows',
    '%SystemDrive%\\Windows\\System32',
    '%SystemDrive%\\Windows\\System32\\drivers',
    '%SystemDrive%\\Windows\\SysWOW64',
  ].map(foldName),
);

/** A wildcard names some files of a folder, never all of them. */
export const wildcardThatMatchesEverything: Check = (script, report) => {
  for (const { path } of fileActionsOf(script)) {
    if (!meansEverything(path)) continue;
    report.add(
      'matches-everything',
      path.span,
      `${path.name} fits every file${path.name.includes('.') && !/^[*?.]+$/.test(path.name) ? ' of this kind' : ''} here. Expected: the part of the name that the bad files share, as C-00000291*.sys.`,
    );
  }
};

function meansEverything({ place, folders, name }: FilePath): boolean {
  if (!hasWildcard(name)) return false;
  if (/^[*?.]+$/.test(name)) return true;
  const stem = name.slice(0, name.includes('.') ? name.indexOf('.') : undefined);
  return /^[*?]*$/.test(stem) && shared.has(foldName([place, ...folders].join('\\')));
}
