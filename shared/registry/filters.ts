import type { Hive, KeyAtPath } from './hive.ts';
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

/** Reads the filters of device classes (`Control\\Class`) and of single devices (`Enum`). */
export function readFilters(hive: Hive, controlSet: string): Filters {
  const classes = readClassFilters(hive, controlSet);
  const reader = new RegistryReader(hive);
  const below = ({ path, key }: KeyAtPath): readonly KeyAtPath[] =>
    hive.subkeys(key).map(one => ({ path: `${path}\\${one.name}`, key: one }));
  const path = `${controlSet}\\Enum`;
  const key = reader.getKey(path);
  // Enum nests bus, device and instance; the lists stand at the instance.
  const instances = (key ? below({ path, key }) : []).flatMap(below).flatMap(below);
  const devices = instances.flatMap(one => filterOf(reader, one, null));
  return { filters: [...classes.filters, ...devices], missing: [...classes.missing, ...reader.missing] };
}

/** Reads the filters of device classes alone: they cost little, those of single devices a walk over all devices. */
export function readClassFilters(hive: Hive, controlSet: string): Filters {
  const reader = new RegistryReader(hive);
  const path = `${controlSet}\\Control\\Class`;
  const root = reader.getKey(path);
  const filters = (root ? hive.subkeys(root) : []).flatMap(key =>
    filterOf(reader, { path: `${path}\\${key.name}`, key }, reader.findText(key, 'Class')),
  );
  return { filters, missing: reader.missing };
}

function filterOf(
  reader: RegistryReader,
  { path, key }: KeyAtPath,
  className: string | null,
): readonly FilterSetting[] {
  const upper = reader.findTexts(key, 'UpperFilters') ?? [];
  const lower = reader.findTexts(key, 'LowerFilters') ?? [];
  return upper.length + lower.length > 0 ? [{ path, className, upper, lower }] : [];
}
