import { definitionOfAction } from './action-table.ts';
import { definitionOfCondition } from './condition-table.ts';
import { printFolder } from './phrases.ts';
import { quoteName } from './read-path.ts';
import type { About, Condition, Script, Statement, Step } from './syntax-tree.ts';

/** The script in its one layout. Formatting again changes nothing, and the tree stays the same. */
export function formatScript(script: Script): string {
  const { about, guards, steps, proofs, reboot, closingComments } = script;
  const end = [
    ...proofs.flatMap(proof => commented(proof, 0, printCondition('verify ', proof.condition, 0))),
    ...(reboot ? commented(reboot, 0, ['reboot']) : []),
  ];
  const sections = [
    about ? printAbout(about) : [],
    guards.flatMap(guard => commented(guard, 0, printCondition('require ', guard.condition, 0))),
    printSteps(steps),
    end,
    closingComments.map(printComment),
  ];
  const lines = sections
    .filter(section => section.length > 0)
    .map(section => section.join('\n'))
    .join('\n\n');
  return `${lines}\n`;
}

function printAbout(about: About): string[] {
  const { title, risk, sources, tell } = about;
  return [
    ...commented(about, 0, [`remediation "${title}"`]),
    ...(risk ? commented(risk, 1, [`risk ${risk.value}`]) : []),
    ...sources.flatMap(source => commented(source, 1, [`source ${quoteName(source.value)}`])),
    ...(tell ? commented(tell, 1, [`tell "${tell.value}"`]) : []),
  ];
}

/** Steps stand close together; an `in` with its body stands apart. */
function printSteps(steps: readonly Step[]): string[] {
  return steps.flatMap((step, index) => {
    const before = steps[index - 1];
    const isApart = before !== undefined && (step.verb === 'in' || before.verb === 'in');
    return [...(isApart ? [''] : []), ...printStep(step)];
  });
}

function printStep(step: Step): string[] {
  if (step.verb !== 'in') return commented(step, 0, [definitionOfAction(step).print(step)]);
  const body = step.actions.flatMap(action =>
    commented(action, 1, [definitionOfAction(action).print(action, step.folder)]),
  );
  return [...commented(step, 0, [`in ${quoteName(printFolder(step.folder))}`]), ...body];
}

/** A condition with the lines of its body; `depth` is that of the line it starts on. */
function printCondition(start: string, condition: Condition, depth: number): string[] {
  if (!('conditions' in condition)) return [`${start}${definitionOfCondition(condition).print(condition)}`];
  const body = condition.conditions.flatMap(line =>
    commented(line, depth + 1, printCondition('', line.condition, depth + 1)),
  );
  return [`${start}${condition.kind} of`, ...body];
}

/** Lines with the statement's comments above them, the first ones indented to the depth. */
function commented(
  { comments }: Statement,
  depth: number,
  [first = '', ...body]: readonly string[],
): string[] {
  const indent = '  '.repeat(depth);
  return [...comments.map(printComment), first].map(line => `${indent}${line}`).concat(body);
}

const printComment = (comment: string) => `# ${comment}`.trimEnd();
