import { findLaunchPlaceOfText } from '../protected-places.ts';
import { type Action, actionsOf } from '../syntax-tree.ts';
import type { FilePath } from '../tree-parts.ts';
import type { Check } from './check.ts';

/** No line puts a file where Windows runs, loads or believes it by itself; what the text does not show, the plan refuses. */
export const launchPlace: Check = (script, report) => {
  for (const action of actionsOf(script)) {
    const made = madeBy(action);
    const what = made.map(findLaunchPlaceOfText).find(found => found !== undefined);
    if (what === undefined) continue;
    report.add(
      'launch-place',
      made[0]!.span,
      `Here lie ${what}, which Windows uses by itself: a script may take files away, and puts none in. Expected: ${action.verb === 'rename' ? 'delete, which undo takes back' : 'another place'}.`,
    );
  }
};

/** The files that a line or its undo makes, as its text names them. */
function madeBy(action: Action): readonly FilePath[] {
  if (action.verb === 'rename') return [action.path, { ...action.path, name: action.toName }];
  if (action.verb === 'restore') return [action.path];
  return action.verb === 'copy' ? [action.to] : [];
}
