import { actionsOf } from '../syntax-tree.ts';
import type { Check } from './check.ts';

/** Whoever signs a program signs its bytes and how long it may take. */
export const programIsPinned: Check = (script, report) => {
  for (const action of actionsOf(script)) {
    if (action.verb !== 'run') continue;
    const { end } = action.span;
    if (action.sha256 === undefined)
      report.add(
        'program-not-pinned',
        action.path.span,
        'Any file of this name would run. Expected: the clause sha256 HASH, with the hash of the program.',
      );
    if (action.minutes === undefined)
      report.add(
        'no-time-limit',
        action.span,
        'A program that hangs would keep the machine from its menu. Expected: the clause at most N minutes.',
        { title: 'Give it five minutes', span: { start: end, end }, text: ', at most 5 minutes' },
      );
  }
};
