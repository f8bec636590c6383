import { actionsOf } from '../syntax-tree.ts';
import { type Check, singleConditionsOf } from './check.ts';

/** As many steps as an outcome may carry, and as many conditions as a person can review. */
const most = 64;

/** A script stays small enough to be read before it is signed. */
export const tooManyLines: Check = (script, report) => {
  const actions = actionsOf(script);
  const conditions = singleConditionsOf([...script.guards, ...script.proofs]);
  const surplus = actions[most] ?? conditions[most];
  if (surplus)
    report.add(
      'too-many-lines',
      surplus.span,
      `A script has at most ${most} steps and ${most} conditions. Split it, or use a wildcard.`,
    );
};
