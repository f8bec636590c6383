import { verdictOf } from '../../facts/verdict.ts';
import { quoteName } from '../read-path.ts';
import { readSubjectName } from '../read-value.ts';
import { findService, startKinds } from '../service-settings.ts';
import type { ServiceStartCondition } from '../condition-tree.ts';
import type { ConditionDefinition } from './condition-definition.ts';

export const serviceStart: ConditionDefinition<ServiceStartCondition> = {
  kind: 'service-start',
  openings: ['driver', 'service'],
  relation: 'is',
  form: '(driver|service) NAME is START',
  example: 'driver cntflt is boot-start',
  meaning: 'the registry starts it like that: boot-start, system-start, auto-start, demand-start or disabled',
  evidence: 'SYSTEM hive with its logs, in the control sets of the next and the last start',
  isEvidence: true,
  isChangeable: true,
  read(cursor, opening) {
    const subject = opening === 'driver' ? 'driver' : 'service';
    const name = readSubjectName(cursor, subject);
    if (name === undefined || !cursor.expect('is')) return undefined;
    const start = cursor.expectOneOf(startKinds);
    return start && { kind: 'service-start', subject, name, start };
  },
  print: ({ subject, name, start }) => `${subject} ${quoteName(name)} is ${start}`,
  explain: ({ subject, name, start }) =>
    `${subject} ${name} is ${start === 'disabled' ? 'disabled' : `set to ${start}`} in the registry`,
  decide({ subject, name, start }, { registry }) {
    const found = findService(registry, subject, name);
    if (!found.ok) return { verdict: 'unknown', reason: found.reason };
    const [first] = found.settings;
    if (!first) return { verdict: 'failed', reason: `No ${subject} ${name} is registered.` };
    const other = found.settings.find(one => one.start !== start);
    const { controlSet, start: actual } = other ?? first;
    return {
      verdict: verdictOf(other === undefined),
      reason: `The ${subject} ${name} is ${actual ?? 'set to a start without a meaning'} in ${controlSet}.`,
    };
  },
};
