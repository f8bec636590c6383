import { findProtectionOfText } from '../protected-places.ts';
import { type Action, actionsOf, type FilePath } from '../syntax-tree.ts';
import type { Check } from './check.ts';

/** No action reaches into a protected place; what the text does not show, the plan refuses. */
export const protectedPlace: Check = (script, report) => {
  for (const action of actionsOf(script)) {
    const targets = targetsOf(action);
    const what = targets.map(findProtectionOfText).find(found => found !== undefined);
    const [first] = targets;
    if (what === undefined || !first) continue;
    report.add(
      'protected-place',
      first.span,
      `This reaches ${what}, which no script may change. Expected: a file outside the protected places.`,
    );
  }
};

/** The files that an action changes, as its text names them. */
function targetsOf(action: Action): readonly FilePath[] {
  switch (action.verb) {
    case 'delete':
    case 'restore':
      return [action.path];
    case 'rename':
      return [action.path, { ...action.path, name: action.toName }];
    case 'copy':
      return [action.to];
    default:
      return [];
  }
}
