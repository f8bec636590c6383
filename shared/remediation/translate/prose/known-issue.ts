import { lines, notTranslated } from '../command-definition.ts';
import type { ProseStep } from './prose-step.ts';

/** What an author should know where a number of a Known Issue Rollback stands. */
export const rollbackNote = 'The update stays installed; only the change of this number is switched off.';

const speaksOfIt = /\bknown issue rollback\b|\bKIR\b|FeatureManagement\\Overrides/i;

/** A Known Issue Rollback with its number, as its ADMX or an article has it; without one nothing can be said. */
export const rollBackByNumber: ProseStep = clause => {
  if (!speaksOfIt.test(clause)) return undefined;
  const feature = /(?<![\w.])\d{8,10}(?![\w.])/.exec(clause)?.[0];
  return feature === undefined
    ? notTranslated(
        'Which change is rolled back is said by a number: the valueName in the ADMX that Microsoft publishes, below FeatureManagement\\Overrides. Expected: roll back known issue 1234567890.',
      )
    : lines([`roll back known issue ${feature}`], rollbackNote);
};
