import { foldName, hasWildcard } from '../../facts/glob.ts';
import { printPath } from '../phrases.ts';
import { type Action, actionsOf } from '../syntax-tree.ts';
import type { FileTraits, RegistryValue } from '../tree-parts.ts';
import type { Check } from './check.ts';

/** No line changes what an earlier one changes, as far as the text shows; the plan refuses the rest. */
export const changedTwice: Check = (script, report) => {
  const lines = new Map<string, number>();
  for (const action of actionsOf(script)) {
    const subject = subjectOf(action);
    if (subject === undefined) continue;
    const earlier = lines.get(subject);
    if (earlier === undefined) lines.set(subject, action.line);
    else
      report.add(
        'changed-twice',
        action.span,
        `Line ${earlier} changes this already, and a plan with both is refused. Expected: one of the two lines.`,
      );
  }
};

/** What a line changes whenever it changes anything; undefined where the machine decides what that is. */
function subjectOf(action: Action): string | undefined {
  const { verb } = action;
  if (verb === 'disable' || verb === 'enable') return foldName(`service ${action.name}`);
  if (verb === 'set registry' || verb === 'remove registry') return valueOf(action.value);
  if (verb === 'copy') return isOpen(action.traits) ? undefined : foldName(`to ${printPath(action.to)}`);
  if (verb === 'restore') return isOpen(action.traits) ? undefined : foldName(`to ${printPath(action.path)}`);
  if (verb !== 'delete' && verb !== 'rename') return undefined;
  const { path, traits } = action;
  return isOpen(traits) || hasWildcard(path.name) ? undefined : foldName(`from ${printPath(path)}`);
}

/** Whether the file may be another than what an earlier line with other clauses means. */
const isOpen = (traits: FileTraits) => Object.keys(traits).length > 0;

const valueOf = ({ hive, key, name }: RegistryValue) => foldName(`${hive}\\${key}:${name}`);
