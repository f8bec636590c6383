import { definitionOfAction } from '../action-table.ts';
import { actionsOf } from '../syntax-tree.ts';
import type { Check } from './check.ts';

/** Behind a step without a way back nothing may fail, so it is the last one, and there is one of them. */
export const oneWayComesLast: Check = (script, report) => {
  // What only tells something can follow: it cannot fail.
  const actions = actionsOf(script).filter(({ verb }) => verb !== 'collect' && verb !== 'message');
  for (const action of actions.slice(0, -1)) {
    if (definitionOfAction(action).class !== 'one-way') continue;
    report.add(
      'one-way-not-last',
      action.span,
      'This step cannot be undone, and another one follows. Expected: one such step in a script, as the last one.',
    );
  }
};
