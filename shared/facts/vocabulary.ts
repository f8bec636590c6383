import type { FactDefinition } from './fact-definition.ts';
import { evidenceFacts } from './vocabulary/evidence-facts.ts';
import { logFacts } from './vocabulary/log-facts.ts';
import { machineFacts } from './vocabulary/machine-facts.ts';
import { registryFacts } from './vocabulary/registry-facts.ts';

/**
 * Every fact a device may report. Paths in names start with a place (`%systemroot%`, `%programfiles%`) of the
 * Windows that was found, use backslashes and are lower case, as Windows compares them.
 */
export const vocabulary: readonly FactDefinition[] = [
  ...machineFacts,
  ...evidenceFacts,
  ...logFacts,
  ...registryFacts,
];

const exact = new Map(vocabulary.map(definition => [definition.name, definition]));
/** The longest ending first: `update.kb1.installedAt` is no `update.*`. */
const families = vocabulary
  .filter(definition => definition.name.includes('*'))
  .map(definition => {
    const [before = '', after = ''] = definition.name.split('*');
    return { definition, before, after };
  })
  .sort((a, b) => b.after.length - a.after.length);

/** The definition that a fact name belongs to, or undefined for a name that is not in the vocabulary. */
export function findDefinition(name: string): FactDefinition | undefined {
  return exact.get(name) ?? findFamily(name)?.definition;
}

/** How a sentence names a fact: `version of driver csagent`. */
export function sayFact(name: string): string {
  const whole = exact.get(name);
  if (whole) return whole.phrase ?? whole.meaning;
  const family = findFamily(name);
  if (!family) return name;
  const { definition, before, after } = family;
  return (
    definition.phrase?.replace('*', () => asWritten(variableOf(name, before, after))) ?? definition.meaning
  );
}

/** Updates are known to people as KB and a number; every other name stands as it is. */
const asWritten = (variable: string) => variable.replace(/^kb(?=\d)/, 'KB');

/** A name of a family with its variable part in lower case, as devices write it; any other name as it is. */
export function lowerVariablePart(name: string): string {
  if (exact.has(name)) return name;
  const family = findFamily(name) ?? findFamily(name.toLowerCase());
  if (!family) return name;
  const { before, after } = family;
  return `${before}${variableOf(name, before, after).toLowerCase()}${after}`;
}

const variableOf = (name: string, before: string, after: string) =>
  name.slice(before.length, name.length - after.length);

function findFamily(name: string) {
  return families.find(
    ({ before, after }) =>
      name.length > before.length + after.length && name.startsWith(before) && name.endsWith(after),
  );
}
