import { compareNumbers } from '../../facts/range.ts';
import { verdictOf } from '../../facts/verdict.ts';
import { isInExtent } from '../extent.ts';
import { printExtent, sayExtent } from '../phrases.ts';
import { readExtent } from '../read-extent.ts';
import { readNumber } from '../read-value.ts';
import type { WindowsBuildCondition } from '../condition-tree.ts';
import type { ConditionDefinition } from './condition-definition.ts';

export const windowsBuild: ConditionDefinition<WindowsBuildCondition> = {
  kind: 'windows-build',
  openings: ['windows build'],
  form: 'windows build RANGE',
  example: 'windows build from 22621 until 26100',
  meaning: 'the build of Windows lies in the range',
  evidence: 'registry or kernel version of the Windows that was found',
  isEvidence: false,
  isChangeable: false,
  read(cursor) {
    const build = readExtent(cursor, readNumber, compareNumbers);
    return build && { kind: 'windows-build', build };
  },
  print: ({ build }) => `windows build ${printExtent(build, String)}`,
  explain: ({ build }) => `the build of Windows is ${sayExtent(build, String, { atLeast: 'or newer' })}`,
  decide({ build }, { facts }) {
    const value = facts['os.build'];
    if (typeof value !== 'number')
      return { verdict: 'unknown', reason: 'The build of Windows is not known.' };
    return {
      verdict: verdictOf(isInExtent(build, value, compareNumbers)),
      reason: `The build of Windows is ${value}.`,
    };
  },
};
