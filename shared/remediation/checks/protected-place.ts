import { findProtectionOfText } from '../protected-places.ts';
import { fileActionsOf } from '../syntax-tree.ts';
import type { Check } from './check.ts';

/** No action reaches into a protected place; what the text does not show, the plan refuses. */
export const protectedPlace: Check = (script, report) => {
  for (const action of fileActionsOf(script)) {
    const targets = [action.path];
    if (action.verb === 'rename') targets.push({ ...action.path, name: action.toName });
    const what = targets.map(findProtectionOfText).find(found => found !== undefined);
    if (what === undefined) continue;
    report.add(
      'protected-place',
      action.path.span,
      `This reaches ${what}, which no script may change. Expected: a file outside the protected places.`,
    );
  }
};
