import { quoteName } from '../read-path.ts';
import { readSubjectName } from '../read-value.ts';
import { changeOfStart } from '../registry-edits.ts';
import { refuse } from '../resolve-files.ts';
import { findService, serviceSubjects, type StartKind } from '../service-settings.ts';
import type { EnableAction } from '../syntax-tree.ts';
import type { ActionDefinition } from './action-definition.ts';

/** What a driver can be enabled as; the boot loader and the kernel start no programs. */
const startsOf = {
  driver: ['boot-start', 'system-start', 'auto-start', 'demand-start'],
  service: ['auto-start', 'demand-start'],
} as const satisfies Record<string, readonly StartKind[]>;

export const enableService: ActionDefinition<EnableAction> = {
  verb: 'enable',
  form: 'enable (driver|service) NAME as START',
  example: 'enable driver cntflt as boot-start',
  class: 'reversible',
  meaning: 'lets a driver or service start again, in the control sets of the next and the last start',
  clauses: [],
  undo: 'the hive returns from quarantine with the logs it had, byte for byte',
  verify: 'the registry says the start that was asked for',
  traps: [
    'What it was before it was disabled stands nowhere: START is boot-start, system-start, auto-start or demand-start for a driver, auto-start or demand-start for a service.',
    'A driver whose file is missing stops Windows with 0x7B when it is boot-start. Filter entries are not put back.',
  ],
  source: 'Microsoft: advanced troubleshooting for stop error 7B, inaccessible boot device',
  windows: 'Windows 7 and later',
  changes: 'registry',
  read(cursor) {
    const subject = cursor.expectOneOf(serviceSubjects);
    const name = subject && readSubjectName(cursor, subject);
    if (!subject || name === undefined || !cursor.expect('as')) return undefined;
    const start = cursor.expectOneOf<EnableAction['start']>(startsOf[subject]);
    return start && { verb: 'enable', subject, name, start };
  },
  print: ({ subject, name, start }) => `enable ${subject} ${quoteName(name)} as ${start}`,
  explain: ({ subject, name, start }) => `Lets the ${subject} ${name} start again, as ${start}.`,
  plan({ subject, name, start }, { volume, registry }) {
    const found = findService(registry, subject, name);
    if (!found.ok) return refuse('registry-unknown', found.reason);
    return found.settings
      .filter(one => one.start !== start)
      .map(setting => changeOfStart(volume, setting, start));
  },
  prove({ subject, name, start }, { registry }) {
    const found = findService(registry, subject, name);
    if (!found.ok) return { verdict: 'unknown', reason: found.reason };
    const other = found.settings.find(one => one.start !== start);
    return other
      ? {
          verdict: 'failed',
          reason: `${name} is ${other.start ?? 'set to no known start'} in ${other.controlSet}.`,
        }
      : { verdict: 'held', reason: `The ${subject} ${name} is ${start}.` };
  },
};
