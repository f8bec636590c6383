import { definitionOfCondition } from '../condition-table.ts';
import { riskOf } from '../syntax-tree.ts';
import { type Check, findCondition } from './check.ts';

/** A script of medium or high risk looks at what went wrong before it acts. */
export const missingEvidence: Check = (script, report) => {
  const risk = script.about?.risk;
  if (!risk || riskOf(script) === 'low') return;
  if (findCondition(script.guards, condition => definitionOfCondition(condition).isEvidence)) return;
  report.add(
    'missing-evidence',
    risk.span,
    `A script of ${risk.value} risk must look at what went wrong first. Expected: a line that requires a crash, a driver or a file, as "require crash module is csagent.sys".`,
  );
};
