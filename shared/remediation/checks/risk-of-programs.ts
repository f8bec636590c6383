import { actionsOf, riskOf } from '../syntax-tree.ts';
import type { Check } from './check.ts';

/** Nobody can say beforehand what a program changes, so its script takes a key that signs outside the server. */
export const riskOfPrograms: Check = (script, report) => {
  const program = actionsOf(script).find(({ verb }) => verb === 'run');
  if (!program || riskOf(script) === 'high') return;
  const { about } = script;
  const risk = about?.risk;
  const title = about && report.text.indexOf('\n', about.span.start);
  const fix = risk
    ? { span: { start: risk.span.end - risk.value.length, end: risk.span.end }, text: 'high' }
    : title !== undefined && title >= 0
      ? { span: { start: title, end: title }, text: '\n  risk high' }
      : undefined;
  report.add(
    'program-not-high-risk',
    risk?.span ?? program.span,
    'What a program changes can neither be foreseen nor taken back. Expected: risk high.',
    fix && { title: 'Call the risk high', ...fix },
  );
};
