import { isBootCritical } from '../boot-critical.ts';
import { quoteName } from '../read-path.ts';
import { readClauses } from '../read-clauses.ts';
import { readSubjectName } from '../read-value.ts';
import { changeOfFilter, changeOfStart } from '../registry-edits.ts';
import { refuse } from '../resolve-files.ts';
import { findFilterEntries, findService, serviceSubjects } from '../service-settings.ts';
import type { DisableAction } from '../syntax-tree.ts';
import type { ActionDefinition } from './action-definition.ts';

const acceptance = 'accepting that Windows may not start';

export const disableService: ActionDefinition<DisableAction> = {
  verb: 'disable',
  form: 'disable (driver|service) NAME',
  example: 'disable driver cntflt, removing filter entries',
  class: 'reversible',
  meaning: 'keeps a driver or service from starting, in the control sets of the next and the last start',
  clauses: ['removing filter entries', acceptance],
  undo: 'the hive returns from quarantine with the logs it had, byte for byte',
  verify: 'the registry says disabled, and no filter list names the driver where entries were to be removed',
  traps: [
    'A filter driver that is disabled and still listed stops its devices, a disk filter the whole start (0x7B): without `removing filter entries` the plan is refused.',
    'Drivers and services that Windows cannot start without need `accepting that Windows may not start`.',
    'Only the start in the registry changes: a service can be started by a group policy or its own updater again.',
  ],
  source: 'Microsoft: advanced troubleshooting for stop error 7B, inaccessible boot device',
  windows: 'Windows 7 and later',
  changes: 'registry',
  read(cursor) {
    const subject = cursor.expectOneOf(serviceSubjects);
    const name = subject && readSubjectName(cursor, subject);
    if (!subject || name === undefined) return undefined;
    const allowed = subject === 'driver' ? this.clauses : this.clauses.slice(1);
    const clauses = readClauses(cursor, allowed, 'required');
    if (!clauses) return undefined;
    const { said } = clauses;
    return {
      verb: 'disable',
      subject,
      name,
      removingFilterEntries: said.has('removing filter entries'),
      acceptingNoStart: said.has(acceptance),
    };
  },
  print: ({ subject, name, removingFilterEntries, acceptingNoStart }) =>
    [
      `disable ${subject} ${quoteName(name)}`,
      ...(removingFilterEntries ? ['removing filter entries'] : []),
      ...(acceptingNoStart ? [acceptance] : []),
    ].join(', '),
  explain: ({ subject, name, removingFilterEntries, acceptingNoStart }) =>
    `Keeps the ${subject} ${name} from starting${removingFilterEntries ? ', and takes it out of the filter lists of all devices' : ''}${acceptingNoStart ? '; its author accepts that Windows may not start without it' : ''}.`,
  plan({ subject, name, removingFilterEntries, acceptingNoStart }, { volume, registry }) {
    if (isBootCritical(name) && !acceptingNoStart)
      return refuse(
        'boot-critical',
        `Windows may not start without the ${subject} ${name}. Expected: ${acceptance}.`,
      );
    const found = findService(registry, subject, name);
    if (!found.ok) return refuse('registry-unknown', found.reason);
    const filters =
      subject === 'driver' ? findFilterEntries(registry, name) : ({ ok: true, entries: [] } as const);
    if (!filters.ok) return refuse('registry-unknown', filters.reason);
    const starts = found.settings.filter(one => one.start !== 'disabled');
    const [listed] = filters.entries;
    if (listed && !removingFilterEntries)
      return refuse(
        'filter-still-listed',
        `${listed.list} of ${listed.className ?? listed.key} names ${name}; disabled and listed it stops the device. Expected: removing filter entries.`,
      );
    return [
      ...filters.entries.map(entry => changeOfFilter(volume, entry, name)),
      ...starts.map(setting => changeOfStart(volume, setting, 'disabled')),
    ];
  },
  prove({ subject, name, removingFilterEntries }, { registry }) {
    const found = findService(registry, subject, name);
    if (!found.ok) return { verdict: 'unknown', reason: found.reason };
    const started = found.settings.find(one => one.start !== 'disabled');
    if (started) return { verdict: 'failed', reason: `${name} still starts in ${started.controlSet}.` };
    const filters = removingFilterEntries
      ? findFilterEntries(registry, name)
      : ({ ok: true, entries: [] } as const);
    if (!filters.ok) return { verdict: 'unknown', reason: filters.reason };
    const [listed] = filters.entries;
    return listed
      ? { verdict: 'failed', reason: `${listed.list} of ${listed.key} still names ${name}.` }
      : { verdict: 'held', reason: `The ${subject} ${name} does not start any more.` };
  },
};
