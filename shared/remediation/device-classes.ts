import { foldName } from '../registry/record-name.ts';
import { RegistryReader } from '../registry/registry-reader.ts';
import type { FilterOwner } from './syntax-tree.ts';
import { findStartSets, type OfflineRegistry } from './offline-registry.ts';

/** Device classes of Windows by the name that their key gives them. Source: Microsoft, system-defined device setup classes. */
export const deviceClasses = {
  CDROM: '{4d36e965-e325-11ce-bfc1-08002be10318}',
  DiskDrive: '{4d36e967-e325-11ce-bfc1-08002be10318}',
  Display: '{4d36e968-e325-11ce-bfc1-08002be10318}',
  HDC: '{4d36e96a-e325-11ce-bfc1-08002be10318}',
  HIDClass: '{745a17a0-74d3-11d0-b6fe-00a0c90f57da}',
  Keyboard: '{4d36e96b-e325-11ce-bfc1-08002be10318}',
  Mouse: '{4d36e96f-e325-11ce-bfc1-08002be10318}',
  Net: '{4d36e972-e325-11ce-bfc1-08002be10318}',
  SCSIAdapter: '{4d36e97b-e325-11ce-bfc1-08002be10318}',
  System: '{4d36e97d-e325-11ce-bfc1-08002be10318}',
  USB: '{36fc9e60-c465-11cf-8056-444553540000}',
  Volume: '{71a27cdd-812a-11d0-bec7-08002be2092f}',
} as const;

/** What the disk of Windows hangs on: a filter there that the boot loader does not load stops the start with 0x7B. */
const bootClasses: ReadonlySet<string> = new Set(
  (['DiskDrive', 'HDC', 'SCSIAdapter', 'System', 'Volume'] as const).map(name =>
    foldName(deviceClasses[name]),
  ),
);

/** The key in one control set that holds lists of filters: of a device class, or of one device. */
export interface FilterPlace {
  readonly controlSet: string;
  readonly key: string;
  /** Whether Windows does not start when one of its filters is not loaded. */
  readonly isBoot: boolean;
}

export type FoundFilterPlaces =
  | { readonly ok: true; readonly places: readonly FilterPlace[] }
  | { readonly ok: false; readonly reason: string };

/** Finds where a class or devices of one kind have their lists, in the control sets of the next and the last start. */
export const findFilterPlaces = (
  registry: OfflineRegistry,
  { kind, name }: FilterOwner,
): FoundFilterPlaces => (kind === 'class' ? findDeviceClass(registry, name) : findDevices(registry, name));

/** Every instance of a device that this Windows ever had, by bus and device: they differ from machine to machine. */
function findDevices(registry: OfflineRegistry, name: string): FoundFilterPlaces {
  const found = findStartSets(registry);
  if (!found.ok) return found;
  const { hive, sets } = found;
  const reader = new RegistryReader(hive);
  const places = sets.flatMap((controlSet): FilterPlace[] => {
    const path = `${controlSet}\\Enum\\${name}`;
    const device = hive.findKey(path);
    return (device ? hive.subkeys(device) : []).map(instance => ({
      controlSet,
      key: `${path}\\${instance.name}`,
      isBoot: bootClasses.has(foldName(reader.findText(instance, 'ClassGUID') ?? '')),
    }));
  });
  if (hive.problems.length > 0)
    return { ok: false, reason: `The hive SYSTEM is damaged: ${hive.problems[0]!.message}.` };
  return places.length > 0 ? { ok: true, places } : { ok: false, reason: `There is no device ${name}.` };
}

/** Finds a device class by its name or its GUID. */
function findDeviceClass(registry: OfflineRegistry, name: string): FoundFilterPlaces {
  const found = findStartSets(registry);
  if (!found.ok) return found;
  const { hive, sets } = found;
  const reader = new RegistryReader(hive);
  const places: FilterPlace[] = [];
  for (const controlSet of sets) {
    const root = hive.findKey(`${controlSet}\\Control\\Class`);
    const named = (root ? hive.subkeys(root) : []).filter(key =>
      [key.name, reader.findText(key, 'Class') ?? ''].some(one => foldName(one) === foldName(name)),
    );
    if (named.length > 1) return { ok: false, reason: `Two device classes are called ${name}.` };
    for (const key of named)
      places.push({
        controlSet,
        key: `${controlSet}\\Control\\Class\\${key.name}`,
        isBoot: bootClasses.has(foldName(key.name)),
      });
  }
  if (hive.problems.length > 0)
    return { ok: false, reason: `The hive SYSTEM is damaged: ${hive.problems[0]!.message}.` };
  return places.length > 0
    ? { ok: true, places }
    : { ok: false, reason: `There is no device class ${name}.` };
}
