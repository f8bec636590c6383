import { verdictOf } from '../../facts/verdict.ts';
import { readCrashCode } from '../read-value.ts';
import type { CrashCodeCondition } from '../condition-tree.ts';
import type { ConditionDefinition } from './condition-definition.ts';

export const crashCode: ConditionDefinition<CrashCodeCondition> = {
  kind: 'crash-code',
  openings: ['crash code'],
  form: 'crash code is 0x50',
  example: 'crash code is 0x50',
  meaning: 'Windows stopped with this bugcheck code',
  evidence: 'crash dump',
  isEvidence: true,
  isChangeable: false,
  read(cursor) {
    if (!cursor.expect('is')) return undefined;
    const code = readCrashCode(cursor);
    return code === undefined ? undefined : { kind: 'crash-code', code };
  },
  print: ({ code }) => `crash code is ${code}`,
  explain: ({ code }) => `Windows stopped with code ${code}`,
  decide({ code }, { facts }) {
    const value = facts['crash.code'];
    if (typeof value !== 'string')
      return { verdict: 'unknown', reason: 'No crash dump says with which code Windows stopped.' };
    return { verdict: verdictOf(value === code), reason: `Windows stopped with code ${value}.` };
  },
};
