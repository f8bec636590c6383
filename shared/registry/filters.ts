import type { Hive, KeyAtPath } from './hive.ts';
import type { HiveKey } from './key-node.ts';
import { type MissingSetting, RegistryReader } from './registry-reader.ts';

/** Drivers that sit above or below those of a device class or of one device. One that cannot load stops the device. */
export interface FilterSetting {
  /** Key that holds the lists. */
  readonly path: string;
  /** Name of the class (`DiskDrive`), or null for a single device. */
  readonly className: string | null;
  readonly upper: readonly string[];
  readonly lower: readonly string[];
}

/** All filter drivers of a control set. */
export interface Filters {
  readonly filters: readonly FilterSetting[];
  readonly missing: readonly MissingSetting[];
}

/** Reads the filters of device classes (`Control\Class`) and of single devices (`Enum`). */
export function readFilters(hive: Hive, controlSet: string): Filters {
  const reader = new RegistryReader(hive);
  const filters: FilterSetting[] = [];
  const note = ({ path, key }: KeyAtPath, className: string | null): void => {
    const upper = reader.findTexts(key, 'UpperFilters') ?? [];
    const lower = reader.findTexts(key, 'LowerFilters') ?? [];
    if (upper.length + lower.length > 0) filters.push({ path, className, upper, lower });
  };
  const below = ({ path, key }: KeyAtPath): readonly KeyAtPath[] =>
    hive.subkeys(key).map(one => ({ path: `${path}\\${one.name}`, key: one }));
  const at = (path: string): readonly KeyAtPath[] => {
    const key: HiveKey | undefined = reader.getKey(path);
    return key ? below({ path, key }) : [];
  };
  for (const deviceClass of at(`${controlSet}\\Control\\Class`)) {
    note(deviceClass, reader.findText(deviceClass.key, 'Class'));
  }
  // Enum nests bus, device and instance; the lists stand at the instance.
  for (const instance of at(`${controlSet}\\Enum`).flatMap(below).flatMap(below)) note(instance, null);
  return { filters, missing: reader.missing };
}
