import type { Hive } from './hive.ts';
import type { HiveKey } from './key-node.ts';
import { readProcessor } from './processor.ts';
import { RegistryReader } from './registry-reader.ts';

/** What a SYSTEM hive remembers of the machine it last ran on. */
export interface HardwareSettings {
  readonly role: 'workstation' | 'server' | 'domain-controller' | null;
  /** Family, model, stepping and maker of the processor. */
  readonly processor: string | null;
  /** Models of the disks that were ever connected, each once, as `WD_BLACK SN770 2TB`. */
  readonly disks: readonly string[];
}

/** The number of disks is small; of a hive that says otherwise only the first are looked at. */
const mostDisks = 32;
const buses = ['SCSI', 'IDE', 'NVME'];
const roles: ReadonlyMap<string, NonNullable<HardwareSettings['role']>> = new Map([
  ['winnt', 'workstation'],
  ['servernt', 'server'],
  ['lanmannt', 'domain-controller'],
]);

/**
 * Reads role, processor and disks from a SYSTEM hive. `ProductType` is LanmanNT on a domain controller; a device
 * instance of the class of disks is called `Disk&…` and keeps the model in `FriendlyName`.
 */
export function readHardwareSettings(hive: Hive, controlSet: string): HardwareSettings {
  const reader = new RegistryReader(hive);
  const product = hive.findKey(`${controlSet}\\Control\\ProductOptions`);
  return {
    role: roles.get(reader.findText(product, 'ProductType')?.toLowerCase() ?? '') ?? null,
    processor: readProcessor(hive, controlSet).identifier,
    disks: readDisks(hive, reader, controlSet),
  };
}

function readDisks(hive: Hive, reader: RegistryReader, controlSet: string): readonly string[] {
  const below = (key: HiveKey | undefined) => (key ? hive.subkeys(key).slice(0, mostDisks) : []);
  const models = buses
    .flatMap(bus => below(hive.findKey(`${controlSet}\\Enum\\${bus}`)))
    .filter(({ name }) => /^disk/i.test(name))
    .flatMap(below)
    .flatMap(instance => reader.findText(instance, 'FriendlyName')?.trim() || []);
  return [...new Set(models)].slice(0, mostDisks);
}
