import { foldName } from '../../facts/glob.ts';
import { pathOfRegistry } from '../../facts/registry-path.ts';
import { RegistryReader } from '../../registry/registry-reader.ts';
import type { Cursor } from '../cursor.ts';
import { type FilterPlace, findFilterPlaces } from '../device-classes.ts';
import { readClauses } from '../read-clauses.ts';
import { quoteName } from '../read-path.ts';
import { readDevice, readDeviceClass, readDriver } from '../read-value.ts';
import { changeOf } from '../registry-edits.ts';
import { refuse, type Refusal } from '../resolve-files.ts';
import { findFilterEntries, findService } from '../service-settings.ts';
import type { AddFilterEntryAction, FilterOwner } from '../syntax-tree.ts';
import type { ActionDefinition, Ahead } from './action-definition.ts';

const lists = { upper: 'UpperFilters', lower: 'LowerFilters' } as const;

export const addFilterEntry: ActionDefinition<AddFilterEntryAction> = {
  verb: 'add filter entry',
  form: 'add filter entry NAME to (upper|lower) filters of (CLASS|devices DEVICE)',
  example: 'add filter entry iorate to lower filters of Volume, before rdyboost',
  class: 'reversible',
  meaning:
    'puts a driver that is installed into a filter list of a device class, or of all devices of one kind, where it is missing',
  clauses: ['before'],
  undo: 'the hive returns from quarantine with the logs it had, byte for byte',
  verify: 'the filter list names the driver',
  traps: [
    'A filter that cannot be loaded stops its devices: the driver must be registered, not disabled, and its file must be there, or the plan is refused. For disks, volumes and what they hang on it must be boot-start.',
    'A device is named by its bus and its hardware, as `USB\\VID_1532&PID_0084`: every instance of it gets the entry, since the rest of its path differs from machine to machine.',
    'The order of a list is the order of the drivers: without `before NAME` the driver stands last, and a NAME that is not in the list refuses the plan.',
  ],
  source: 'Microsoft: device filter driver ordering; system-defined device setup classes',
  windows: 'Windows 7 and later',
  changes: 'registry',
  read(cursor) {
    const driver = readDriver(cursor);
    if (driver === undefined || !cursor.expect('to')) return undefined;
    const list = readList(cursor);
    if (!list || !cursor.expect('of')) return undefined;
    const of = readOwner(cursor);
    const clauses = of && readClauses(cursor, this.clauses, 'required');
    if (!of || !clauses) return undefined;
    const { before } = clauses;
    return { verb: 'add filter entry', driver, list, of, ...(before !== undefined && { before }) };
  },
  print: ({ driver, list, of, before }) =>
    `add filter entry ${driver} to ${list} filters of ${of.kind === 'class' ? of.name : `devices ${quoteName(of.name)}`}${before === undefined ? '' : `, before ${before}`}`,
  explain: ({ driver, list, of, before }) =>
    `Puts the driver ${driver} into the ${list} filters of ${of.kind === 'class' ? 'the device class' : 'every device'} ${of.name}${before === undefined ? '' : `, before ${before}`}, where it is missing.`,
  plan(action, ahead) {
    const { driver, list, of, before } = action;
    const found = findFilterPlaces(ahead.registry, of);
    if (!found.ok) return refuse('registry-unknown', found.reason);
    const listed = findFilterEntries(ahead.registry, driver);
    if (!listed.ok) return refuse('registry-unknown', listed.reason);
    const missing = found.places.filter(
      ({ key }) => !listed.entries.some(one => one.key === key && one.list === lists[list]),
    );
    const obstacle = missing.map(one => findObstacle(driver, one, ahead)).find(one => one !== undefined);
    if (obstacle) return obstacle;
    return missing.map(({ key }) =>
      changeOf(
        ahead.volume,
        'SYSTEM',
        { kind: 'add-list-entry', key, name: lists[list], entry: driver, before: before ?? null },
        `${key} ${lists[list]}: with ${driver}`,
      ),
    );
  },
  prove({ driver, list, of }, { registry }) {
    const found = findFilterPlaces(registry, of);
    if (!found.ok) return { verdict: 'unknown', reason: found.reason };
    const listed = findFilterEntries(registry, driver);
    if (!listed.ok) return { verdict: 'unknown', reason: listed.reason };
    const missing = found.places.find(
      ({ key }) => !listed.entries.some(one => one.key === key && one.list === lists[list]),
    );
    return missing
      ? { verdict: 'failed', reason: `${lists[list]} of ${missing.key} does not name ${driver}.` }
      : { verdict: 'held', reason: `${lists[list]} of ${of.name} names ${driver}.` };
  },
};

/** Reads a device class, or `devices` and the kind that they are of. */
function readOwner(cursor: Cursor): FilterOwner | undefined {
  const kind = cursor.take('devices') ? 'devices' : 'class';
  const name = kind === 'class' ? readDeviceClass(cursor) : readDevice(cursor);
  return name === undefined ? undefined : { kind, name };
}

/** Reads `upper filters` or `lower filters`. */
function readList(cursor: Cursor): AddFilterEntryAction['list'] | undefined {
  const token = cursor.peek();
  const meant = (['upper', 'lower'] as const).find(
    one => foldName(lists[one]) === foldName(token?.value ?? ''),
  );
  if (!token || !meant) {
    const list = cursor.expectOneOf(['upper', 'lower'] as const);
    return list && cursor.expect('filters') ? list : undefined;
  }
  cursor.add(
    'unknown-word',
    token.span,
    `The word ${token.value} has no meaning here. Expected: ${meant} filters.`,
    { title: `Write ${meant} filters`, span: token.span, text: `${meant} filters` },
  );
  return undefined;
}

/** Why Windows could not load the driver as a filter there; a filter that is listed and not loaded stops its devices. */
function findObstacle(
  driver: string,
  { controlSet, isBoot }: FilterPlace,
  { volume, registry, vacated, filled }: Ahead,
): Refusal | undefined {
  const service = findService(registry, 'driver', driver);
  if (!service.ok) return refuse('registry-unknown', service.reason);
  const opened = registry.open('SYSTEM');
  if (!opened.ok) return refuse('registry-unknown', opened.reason);
  const setting = service.settings.find(one => one.controlSet === controlSet);
  if (!setting) return refuse('driver-not-ready', `The driver ${driver} is not registered in ${controlSet}.`);
  const { hive } = opened.recovered;
  const reader = new RegistryReader(hive);
  const key = hive.findKey(setting.key);
  // A driver with this key is boot-start by its own value, and not loaded all the same.
  const isOverridden = (reader.findNumber(hive.findKey(`${setting.key}\\StartOverride`), '0') ?? 0) !== 0;
  if (setting.start === undefined || setting.start === 'disabled')
    return refuse(
      'driver-not-ready',
      `The driver ${driver} does not start in ${controlSet}. Enable it first.`,
    );
  if (isBoot && (setting.start !== 'boot-start' || isOverridden))
    return refuse(
      'driver-not-ready',
      `The driver ${driver} is ${isOverridden ? 'kept from starting at boot' : setting.start} in ${controlSet}; there Windows starts only with filters that are boot-start.`,
    );
  const written = reader.findText(key, 'ImagePath') || `System32\\drivers\\${driver}.sys`;
  const path = pathOfRegistry(volume, written);
  const entry = path === undefined || vacated.has(foldName(path)) ? undefined : volume.find(path);
  const isThere = entry?.kind === 'file' && entry.sizeBytes > 0;
  if (isThere || (path !== undefined && filled.has(foldName(path)))) return undefined;
  return refuse('driver-not-ready', `The file of the driver ${driver} is not there: ${path ?? written}.`);
}
