import { definitionOfAction } from './action-table.ts';
import { definitionOfCondition } from './condition-table.ts';
import { printFolder } from './phrases.ts';
import type { Condition } from './condition-tree.ts';
import type { Script } from './syntax-tree.ts';

/** What one line of a script says, in a sentence for somebody who does not know the language. */
export interface Explanation {
  readonly line: number;
  readonly sentence: string;
}

/** Says in plain sentences what a script will do, line by line. */
export function explainScript(script: Script): readonly Explanation[] {
  const { about, guards, steps, proofs, reboot } = script;
  const said: Explanation[] = [];
  const say = (line: number, sentence: string) => said.push({ line, sentence });
  if (about) say(about.line, `The purpose: ${about.title.replace(/\.$/, '')}.`);
  if (about?.risk) say(about.risk.line, `Its author calls the risk ${about.risk.value}.`);
  for (const source of about?.sources ?? []) say(source.line, `Published at ${source.value}.`);
  if (about?.tell) say(about.tell.line, `The person before the machine reads: "${about.tell.value}"`);
  for (const { line, condition } of guards) {
    say(
      line,
      `Applies only if ${explainCondition(condition)}; otherwise, or if that is not known, nothing is done.`,
    );
  }
  if (guards.length === 0)
    say(
      steps[0]?.line ?? 1,
      'Asks nothing about the machine first: it applies wherever its files are found.',
    );
  for (const step of steps) {
    if (step.verb === 'in')
      say(step.line, `Works in the folder ${printFolder(step.folder)} of the Windows that was found.`);
    for (const action of step.verb === 'in' ? step.actions : [step])
      say(action.line, definitionOfAction(action).explain(action));
  }
  for (const { line, condition } of proofs)
    say(line, `Afterwards checks that ${explainCondition(condition)}; if not, everything is undone.`);
  if (reboot) say(reboot.line, 'Restarts the machine.');
  return said;
}

/** A condition in plain words that follow "if" or "that". */
export function explainCondition(condition: Condition): string {
  if (!('conditions' in condition)) return definitionOfCondition(condition).explain(condition);
  const parts = condition.conditions.map(line => explainCondition(line.condition));
  if (condition.kind === 'none') return `nothing of this is true: ${parts.join('; ')}`;
  if (parts.length === 1) return parts[0]!;
  return condition.kind === 'all'
    ? `all of this is true: ${parts.join('; ')}`
    : `at least one of this is true: ${parts.join('; ')}`;
}
