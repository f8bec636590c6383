import { isInterpreter, isProgramName } from '../interpreters.ts';
import { actionsOf } from '../syntax-tree.ts';
import type { Check } from './check.ts';

/** A program that runs what its arguments name would make the list of allowed programs a list of one: anything. */
export const programsAreNoInterpreters: Check = (script, report) => {
  for (const action of actionsOf(script)) {
    if (action.verb !== 'run') continue;
    const { name, span } = action.path;
    if (!isProgramName(name))
      report.add(
        'not-a-program',
        span,
        `${name} is no program that runs by itself. Expected: a file that ends in .exe.`,
      );
    else if (isInterpreter(name))
      report.add(
        'interpreter',
        span,
        `${name} runs whatever its arguments say, so nobody could tell what was signed. Expected: the program that does the work, or lines of this language.`,
      );
  }
};
