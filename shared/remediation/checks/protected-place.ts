import { findProtectionOfText, insteadOf, isSecretPlace } from '../protected-places.ts';
import { type Action, actionsOf } from '../syntax-tree.ts';
import type { FilePath } from '../tree-parts.ts';
import { asOfThisWindows } from '../restore-source.ts';
import type { Check } from './check.ts';

/** No action reaches into a protected place; what the text does not show, the plan refuses. */
export const protectedPlace: Check = (script, report) => {
  for (const action of actionsOf(script)) {
    const source = sourceOf(action);
    const secret = source && findProtectionOfText(source);
    if (source && isSecretPlace(secret))
      report.add(
        'protected-place',
        source.span,
        `This belongs to ${secret}, which no script may ${action.verb === 'run' ? 'run' : 'copy'}. Expected: a file outside the protected places.`,
      );
    const targets = targetsOf(action);
    const what = targets.map(findProtectionOfText).find(found => found !== undefined);
    const [first] = targets;
    if (what === undefined || !first) continue;
    report.add(
      'protected-place',
      first.span,
      `This reaches ${what}, which no script changes file by file. Expected: ${insteadOf(what) ?? 'a file outside the protected places'}.`,
    );
  }
};

/** The file that an action copies or runs, as its text names it. */
function sourceOf(action: Action): FilePath | undefined {
  if (action.verb === 'copy' || action.verb === 'run') return action.path;
  return action.verb === 'restore' && typeof action.from === 'object'
    ? asOfThisWindows(action.from)
    : undefined;
}

/** The files that an action changes, as its text names them. */
function targetsOf(action: Action): readonly FilePath[] {
  if (action.verb === 'delete' || action.verb === 'restore') return [action.path];
  if (action.verb === 'rename') return [action.path, { ...action.path, name: action.toName }];
  return action.verb === 'copy' ? [action.to] : [];
}
