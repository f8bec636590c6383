import { isSameName } from '../../facts/glob.ts';
import { verdictOf } from '../../facts/verdict.ts';
import { readProcess } from '../read-servicing.ts';
import type { CrashProcessCondition } from '../condition-tree.ts';
import type { ConditionDefinition } from './condition-definition.ts';

/** Windows keeps 14 characters of a process name in a dump. */
const keptCharacters = 14;

export const crashProcess: ConditionDefinition<CrashProcessCondition> = {
  kind: 'crash-process',
  openings: ['crash process'],
  form: 'crash process is NAME',
  example: 'crash process is lsass.exe',
  meaning: 'this process ran when Windows stopped; a dump keeps 14 characters of its name',
  evidence: 'crash dump',
  isEvidence: true,
  isChangeable: false,
  read(cursor) {
    const process = cursor.expect('is') ? readProcess(cursor) : undefined;
    return process === undefined ? undefined : { kind: 'crash-process', process };
  },
  print: ({ process }) => `crash process is ${process}`,
  explain: ({ process }) => `Windows stopped while ${process} ran`,
  decide({ process }, { facts }) {
    const value = facts['crash.process'];
    if (typeof value !== 'string')
      return { verdict: 'unknown', reason: 'No crash dump says which process ran.' };
    return {
      verdict: verdictOf(isSameName(process.slice(0, keptCharacters), value)),
      reason: `Windows stopped while ${value} ran.`,
    };
  },
};
