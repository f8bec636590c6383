import { definitionOfAction } from '../action-table.ts';
import { actionsOf, riskOf } from '../syntax-tree.ts';
import type { Check } from './check.ts';

/** What a tool of Windows changes is more than a file that can be put back: no such script is of low risk. */
export const riskOfTools: Check = (script, report) => {
  // A script that runs a program is not of medium risk either, which another check says.
  if (riskOf(script) !== 'low' || actionsOf(script).some(({ verb }) => verb === 'run')) return;
  const tool = actionsOf(script).find(action => definitionOfAction(action).class !== 'reversible');
  if (!tool) return;
  const risk = script.about?.risk;
  const fix = risk && {
    title: 'Call the risk medium',
    span: { start: risk.span.end - 'low'.length, end: risk.span.end },
    text: 'medium',
  };
  report.add(
    'risk-too-low',
    risk?.span ?? tool.span,
    'A tool of Windows changes more than can be put back file by file. Expected: risk medium or risk high.',
    fix,
  );
};
