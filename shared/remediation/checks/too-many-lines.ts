import { actionsOf } from '../syntax-tree.ts';
import { type Check, findCondition } from './check.ts';

/** As many steps as an outcome may carry, and as many conditions as a person can review. */
const most = 64;

/** A script stays small enough to be read before it is signed. */
export const tooManyLines: Check = (script, report) => {
  const actions = actionsOf(script);
  let conditions = 0;
  const isSurplus = () => ++conditions > most;
  const surplus =
    actions[most] ?? findCondition(script.guards, isSurplus) ?? findCondition(script.proofs, isSurplus);
  if (surplus)
    report.add(
      'too-many-lines',
      surplus.span,
      `A script has at most ${most} steps and ${most} conditions. Split it, or use a wildcard.`,
    );
};
