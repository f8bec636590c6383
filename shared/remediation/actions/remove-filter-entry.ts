import { isBootCritical } from '../boot-critical.ts';
import { readDriver } from '../read-value.ts';
import { changeOfFilter } from '../registry-edits.ts';
import { refuse } from '../resolve-files.ts';
import { findFilterEntries } from '../service-settings.ts';
import type { RemoveFilterEntryAction } from '../syntax-tree.ts';
import type { ActionDefinition } from './action-definition.ts';

export const removeFilterEntry: ActionDefinition<RemoveFilterEntryAction> = {
  verb: 'remove filter entry',
  form: 'remove filter entry NAME',
  example: 'remove filter entry cntflt',
  class: 'reversible',
  meaning:
    'takes a driver out of the filter lists of all device classes and devices, and leaves how it starts as it is',
  clauses: [],
  undo: 'the hive returns from quarantine with the logs it had, byte for byte',
  verify: 'no filter list names the driver',
  traps: [
    'For a driver that is gone and still listed; one that is still installed comes back into the lists with its next update: use `disable driver NAME, removing filter entries`.',
    'Drivers that Windows cannot start without stay in their lists: the plan is refused.',
    'Some drivers of disk encryption are needed to read the disk: without their entry Windows does not start.',
  ],
  source: 'Microsoft: advanced troubleshooting for stop error 7B, inaccessible boot device',
  windows: 'Windows 7 and later',
  changes: 'registry',
  read(cursor) {
    const driver = readDriver(cursor);
    return driver === undefined ? undefined : { verb: 'remove filter entry', driver };
  },
  print: ({ driver }) => `remove filter entry ${driver}`,
  explain: ({ driver }) => `Takes the driver ${driver} out of the filter lists of all devices.`,
  plan({ driver }, { volume, registry }) {
    if (isBootCritical(driver))
      return refuse('boot-critical', `Windows may not start without ${driver} in its filter lists.`);
    const found = findFilterEntries(registry, driver);
    if (!found.ok) return refuse('registry-unknown', found.reason);
    return found.entries.map(entry => changeOfFilter(volume, entry, driver));
  },
  prove({ driver }, { registry }) {
    const found = findFilterEntries(registry, driver);
    if (!found.ok) return { verdict: 'unknown', reason: found.reason };
    const [listed] = found.entries;
    return listed
      ? { verdict: 'failed', reason: `${listed.list} of ${listed.key} still names ${driver}.` }
      : { verdict: 'held', reason: `No filter list names ${driver}.` };
  },
};
