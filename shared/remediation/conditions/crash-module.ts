import { isSameName } from '../../facts/glob.ts';
import { verdictOf } from '../../facts/verdict.ts';
import { readModule } from '../read-value.ts';
import type { CrashModuleCondition } from '../condition-tree.ts';
import type { ConditionDefinition } from './condition-definition.ts';

export const crashModule: ConditionDefinition<CrashModuleCondition> = {
  kind: 'crash-module',
  openings: ['crash module'],
  form: 'crash module is NAME',
  example: 'crash module is csagent.sys',
  meaning: 'the crash dump names this module as the culprit',
  evidence: 'crash dump',
  isEvidence: true,
  isChangeable: false,
  read(cursor) {
    if (!cursor.expect('is')) return undefined;
    const module = readModule(cursor);
    return module === undefined ? undefined : { kind: 'crash-module', module };
  },
  print: ({ module }) => `crash module is ${module}`,
  explain: ({ module }) => `the crash dump blames ${module}`,
  decide({ module }, { facts }) {
    const value = facts['crash.module'];
    if (typeof value !== 'string')
      return { verdict: 'unknown', reason: 'No crash dump names a module as the culprit.' };
    return { verdict: verdictOf(isSameName(module, value)), reason: `The crash dump blames ${value}.` };
  },
};
