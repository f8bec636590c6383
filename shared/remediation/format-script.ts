import { definitionOfAction } from './action-table.ts';
import { definitionOfCondition } from './condition-table.ts';
import { printFolder } from './phrases.ts';
import { quoteName } from './read-path.ts';
import type { Condition } from './condition-tree.ts';
import type { About, Script, Step } from './syntax-tree.ts';
import type { Statement } from './tree-parts.ts';

/** The script in its one layout. Formatting again changes nothing, and the tree stays the same. */
export function formatScript(script: Script): string {
  const { about, guards, steps, proofs, reboot, closingComments } = script;
  const head: string[] = [];
  const asked: string[] = [];
  const done: string[] = [];
  const end: string[] = [];
  if (about) addAbout(head, about);
  for (const guard of guards) addCondition(asked, guard, 'require ', guard.condition, 0);
  addSteps(done, steps);
  for (const proof of proofs) addCondition(end, proof, 'verify ', proof.condition, 0);
  if (reboot) addLine(end, reboot, 0, 'reboot');
  const lines = [head, asked, done, end, closingComments.map(printComment)]
    .filter(section => section.length > 0)
    .map(section => section.join('\n'))
    .join('\n\n');
  return `${lines}\n`;
}

function addAbout(lines: string[], about: About): void {
  const { title, risk, sources, tell } = about;
  addLine(lines, about, 0, `remediation "${title}"`);
  if (risk) addLine(lines, risk, 1, `risk ${risk.value}`);
  for (const source of sources) addLine(lines, source, 1, `source ${quoteName(source.value)}`);
  if (tell) addLine(lines, tell, 1, `tell "${tell.value}"`);
}

/** Steps stand close together; an `in` with its body stands apart. */
function addSteps(lines: string[], steps: readonly Step[]): void {
  for (const [index, step] of steps.entries()) {
    const before = steps[index - 1];
    if (before !== undefined && (step.verb === 'in' || before.verb === 'in')) lines.push('');
    if (step.verb !== 'in') {
      addLine(lines, step, 0, definitionOfAction(step).print(step));
      continue;
    }
    addLine(lines, step, 0, `in ${quoteName(printFolder(step.folder))}`);
    for (const action of step.actions)
      addLine(lines, action, 1, definitionOfAction(action).print(action, step.folder));
  }
}

/** Adds a condition with the lines of its body; `depth` is that of the line it starts on. */
function addCondition(
  lines: string[],
  statement: Statement,
  start: string,
  condition: Condition,
  depth: number,
): void {
  if (!('conditions' in condition)) {
    addLine(lines, statement, depth, `${start}${definitionOfCondition(condition).print(condition)}`);
    return;
  }
  addLine(lines, statement, depth, `${start}${condition.kind} of`);
  for (const line of condition.conditions) addCondition(lines, line, '', line.condition, depth + 1);
}

/** Adds a line with the statement's comments above it. */
function addLine(lines: string[], { comments }: Statement, depth: number, line: string): void {
  const indent = '  '.repeat(depth);
  for (const comment of comments) lines.push(`${indent}${printComment(comment)}`);
  lines.push(`${indent}${line}`);
}

const printComment = (comment: string) => `# ${comment}`.trimEnd();
