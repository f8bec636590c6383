import { findInboxDriver, includingWindows } from '../files-of-windows.ts';
import { findProtectionOfText } from '../protected-places.ts';
import { actionsOf, type Action } from '../syntax-tree.ts';
import type { FilePath } from '../tree-parts.ts';
import type { Check } from './check.ts';

/** Who takes a driver of Windows out of its place says so; what the text does not show, the plan refuses. */
export const fileOfWindows: Check = (script, report) => {
  for (const action of actionsOf(script)) {
    const path = takenBy(action);
    const driver = path && findInboxDriver(path);
    if (driver === undefined || findProtectionOfText(path!) !== undefined) continue;
    const { end } = action.span;
    report.add(
      'file-of-windows',
      path!.span,
      `This reaches ${driver}, which comes with Windows. Expected: a name that fits only the bad files, or the words "${includingWindows}".`,
      { title: `Write "${includingWindows}"`, span: { start: end, end }, text: `, ${includingWindows}` },
    );
  }
};

/** The path whose files a line takes away without the word for files of Windows. */
function takenBy(action: Action): FilePath | undefined {
  if (action.verb === 'delete' || action.verb === 'rename')
    return action.includingWindows ? undefined : action.path;
  if (action.verb === 'restore') return action.includingWindows ? undefined : action.path;
  return action.verb === 'copy' && action.replacing && !action.includingWindows ? action.to : undefined;
}
