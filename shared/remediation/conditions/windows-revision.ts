import { compareNumbers } from '../../facts/range.ts';
import { verdictOf } from '../../facts/verdict.ts';
import { isInExtent } from '../extent.ts';
import { printExtent, sayExtent } from '../phrases.ts';
import { readExtent } from '../read-extent.ts';
import { readNumber } from '../read-value.ts';
import type { WindowsRevisionCondition } from '../condition-tree.ts';
import type { ConditionDefinition } from './condition-definition.ts';

export const windowsRevision: ConditionDefinition<WindowsRevisionCondition> = {
  kind: 'windows-revision',
  openings: ['windows revision'],
  form: 'windows revision RANGE',
  example: 'windows revision from 3476 until 3775',
  meaning: 'the revision behind the build, which every cumulative update raises, lies in the range',
  evidence: 'registry or kernel version of the Windows that was found',
  isEvidence: false,
  isChangeable: false,
  read(cursor) {
    const revision = readExtent(cursor, readNumber, compareNumbers);
    return revision && { kind: 'windows-revision', revision };
  },
  print: ({ revision }) => `windows revision ${printExtent(revision, String)}`,
  explain: ({ revision }) =>
    `the revision of Windows is ${sayExtent(revision, String, { atLeast: 'or newer' })}`,
  decide({ revision }, { facts }) {
    const value = facts['os.revision'];
    if (typeof value !== 'number')
      return { verdict: 'unknown', reason: 'The revision of Windows is not known.' };
    return {
      verdict: verdictOf(isInExtent(revision, value, compareNumbers)),
      reason: `The revision of Windows is ${value}.`,
    };
  },
};
