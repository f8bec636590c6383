import type { StepOutcome } from '../../../shared/wire/outcome.ts';

export const countedFiles = (count: number): string => `${count} ${count === 1 ? 'file' : 'files'}`;

const countedValues = (count: number): string => `${count} registry ${count === 1 ? 'value' : 'values'}`;

const verbs = {
  delete: 'deleted',
  rename: 'renamed',
  copy: 'copied',
  'edit-registry': 'changed',
  'run-tool': 'ran',
} as const;
const countedTools = (count: number): string => `${count} ${count === 1 ? 'tool' : 'tools'} of Windows`;
const count = {
  delete: countedFiles,
  rename: countedFiles,
  copy: countedFiles,
  'edit-registry': countedValues,
  'run-tool': countedTools,
} as const;
const mostNamed = 2;

/** What a repair changed on the machine, in words; undefined when it changed nothing. */
export function describeChanges(
  steps: readonly StepOutcome[],
): { readonly short: string; readonly long: string } | undefined {
  const changes = steps.filter(step => step.state === 'done').flatMap(step => step.changes);
  const phrases = (['delete', 'rename', 'copy', 'edit-registry', 'run-tool'] as const).flatMap(kind => {
    const some = changes.filter(change => change.kind === kind);
    if (some.length === 0) return [];
    const names = some
      .slice(0, mostNamed)
      .map(change => change.what?.replace(/:.*/, '') ?? change.path.split('\\').at(-1));
    const more = some.length > mostNamed ? ` and ${some.length - mostNamed} more` : '';
    const counted = count[kind](some.length);
    const verb = verbs[kind];
    return [
      {
        short: `${verb} ${counted}`,
        long: `${verb} ${counted}, ${names.join(', ')}${more}`,
      },
    ];
  });
  if (phrases.length === 0) return undefined;
  return {
    short: capital(phrases.map(phrase => phrase.short).join(', ')),
    long: capital(phrases.map(phrase => phrase.long).join('; ')),
  };
}

const capital = (text: string) => text.slice(0, 1).toUpperCase() + text.slice(1);
