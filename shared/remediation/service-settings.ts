import { type Filters, type FilterSetting, readFilters } from '../registry/filters.ts';
import { foldName } from '../registry/record-name.ts';
import { RegistryReader } from '../registry/registry-reader.ts';
import { findStartSets, type OfflineRegistry } from './offline-registry.ts';

/** When Windows starts a driver or service, in the order of the numbers that the registry writes. */
export const startKinds = ['boot-start', 'system-start', 'auto-start', 'demand-start', 'disabled'] as const;
export type StartKind = (typeof startKinds)[number];

/** What a script calls it: a driver runs in the kernel, a service is a program. */
export const serviceSubjects = ['driver', 'service'] as const;
export type ServiceSubject = (typeof serviceSubjects)[number];

/** How one control set sets a driver or service up. */
export interface ServiceSetting {
  readonly controlSet: string;
  /** Path of its key. */
  readonly key: string;
  /** Undefined when the value is missing or has no meaning. */
  readonly start: StartKind | undefined;
}

/** A driver or service in the control sets of the next and the last start; none when it is not registered. */
export type FoundService =
  | { readonly ok: true; readonly settings: readonly ServiceSetting[] }
  | { readonly ok: false; readonly reason: string };

/** Finds a driver or service by its name; a name that means the other of the two is not known. */
export function findService(registry: OfflineRegistry, subject: ServiceSubject, name: string): FoundService {
  const found = findStartSets(registry);
  if (!found.ok) return found;
  const { hive, sets } = found;
  const reader = new RegistryReader(hive);
  const settings: ServiceSetting[] = [];
  for (const controlSet of sets) {
    const key = `${controlSet}\\Services\\${name}`;
    const node = hive.findKey(key);
    const type = reader.findNumber(node, 'Type');
    if (!node || type === null) continue;
    const isDriver = (type & 3) !== 0;
    if (isDriver !== (subject === 'driver'))
      return { ok: false, reason: `${name} is a ${isDriver ? 'driver' : 'service'}, not a ${subject}.` };
    settings.push({ controlSet, key, start: startKinds[reader.findNumber(node, 'Start') ?? -1] });
  }
  return hive.problems.length === 0
    ? { ok: true, settings }
    : { ok: false, reason: `The hive SYSTEM is damaged: ${hive.problems[0]!.message}.` };
}

/** A list of filters that names a driver. */
export interface FilterEntry {
  /** Path of the key that holds the list. */
  readonly key: string;
  readonly list: 'UpperFilters' | 'LowerFilters';
  readonly className: string | null;
}

export type FoundFilterEntries =
  | { readonly ok: true; readonly entries: readonly FilterEntry[] }
  | { readonly ok: false; readonly reason: string };

/** Finds every filter list of device classes and devices that names a driver. */
export function findFilterEntries(registry: OfflineRegistry, driver: string): FoundFilterEntries {
  const found = findStartSets(registry);
  if (!found.ok) return found;
  const { hive, sets } = found;
  const read = sets.map((set): Filters => readFilters(hive, set));
  if (hive.problems.length > 0)
    return { ok: false, reason: `The hive SYSTEM is damaged: ${hive.problems[0]!.message}.` };
  return { ok: true, entries: read.flatMap(one => one.filters).flatMap(one => entriesOf(one, driver)) };
}

function entriesOf({ path, className, upper, lower }: FilterSetting, driver: string): FilterEntry[] {
  const names = (list: readonly string[]) => list.some(one => foldName(one) === foldName(driver));
  const entry = (list: FilterEntry['list']): FilterEntry => ({ key: path, list, className });
  return [...(names(upper) ? [entry('UpperFilters')] : []), ...(names(lower) ? [entry('LowerFilters')] : [])];
}
