import { definitionOfCondition } from '../condition-table.ts';
import { type Check, singleConditionsOf } from './check.ts';

/** `verify` speaks about what the script can have changed. */
export const verifyLooksAtFiles: Check = (script, report) => {
  for (const condition of singleConditionsOf(script.proofs)) {
    if (definitionOfCondition(condition).isChangeable) continue;
    report.add(
      'verify-looks-at-files',
      condition.span,
      'A script cannot change this, so it proves nothing. Expected: what a step changes, as verify no file … or verify driver … is disabled.',
    );
  }
};
