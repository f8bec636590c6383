import { actionsOf } from '../syntax-tree.ts';
import type { Check } from './check.ts';

/** Whoever signs a step without a way back reads so in the line itself. */
export const noUndoIsSaid: Check = (script, report) => {
  for (const action of actionsOf(script)) {
    if (!('acceptingNoUndo' in action) || action.acceptingNoUndo) continue;
    const { end } = action.span;
    report.add(
      'no-undo-not-accepted',
      action.span,
      'This step cannot be undone. Expected: the clause accepting no undo.',
      { title: 'Accept that there is no undo', span: { start: end, end }, text: ', accepting no undo' },
    );
  }
};
