import type { LabTree } from './lab-tree.ts';
import { buildDirtyHive } from './registry/log-builder.ts';
import type { PlacedKey } from './registry/key-plan.ts';
import {
  buildSoftwareHive,
  buildSystemHive,
  type LabDriver,
  type LabPackage,
} from './registry/windows-hives.ts';
import type { LabWindows } from './windows-profile.ts';

/** Software that a machine's registry tells of. */
export interface LabInstallation {
  readonly drivers: readonly LabDriver[];
  readonly securityProducts: readonly string[];
  /** Packages of the component store besides those of Windows itself. */
  readonly packages?: readonly LabPackage[];
  /** Filters above disks. */
  readonly diskFilters?: readonly string[];
  /** Keys with values besides; those of SYSTEM below the control set, as `Control\\StorPort`. */
  readonly registry?: readonly LabKey[];
}

/** A key somewhere in a hive. */
export interface LabKey extends PlacedKey {
  readonly hive: 'SYSTEM' | 'SOFTWARE';
}

const keysOf = (registry: readonly LabKey[], hive: LabKey['hive']) =>
  registry.filter(one => one.hive === hive);

/**
 * Puts the hives of a machine that was switched off hard: the newest changes to SYSTEM stand in its log alone, as on
 * nearly every machine that reaches recovery.
 */
export function installHives(
  tree: LabTree,
  computerName: string,
  windows: LabWindows,
  { drivers, securityProducts, packages = [], diskFilters = [], registry = [] }: LabInstallation,
): void {
  const { servicedAt, stoppedAt } = windows;
  const config = (name: string) => `Windows\\System32\\config\\${name}`;
  const system = { computerName, drivers, diskFilters, more: keysOf(registry, 'SYSTEM') };
  const pendingRenames = ['\\??\\C:\\Windows\\Temp\\contoso-ledger.tmp', ''];
  const dirty = buildDirtyHive([buildSystemHive(system), buildSystemHive({ ...system, pendingRenames })]);
  tree.write(config('SYSTEM'), dirty.hive, stoppedAt);
  tree.write(config('SYSTEM.LOG1'), dirty.log1, stoppedAt);
  tree.write(config('SYSTEM.LOG2'), dirty.log2, servicedAt);
  const software = buildSoftwareHive({
    product: windows.product,
    edition: windows.edition,
    kind: windows.kind,
    build: windows.build,
    revision: windows.revision,
    ...(windows.release === undefined ? {} : { release: windows.release }),
    machineGuid: '3b5f1f2e-4711-4d6a-8c1e-0a9d5b7c2e11',
    packages: [...windows.packages, ...packages],
    securityProducts,
    more: keysOf(registry, 'SOFTWARE'),
  });
  tree.write(config('SOFTWARE'), software, stoppedAt);
  for (const log of ['LOG1', 'LOG2']) tree.write(config(`SOFTWARE.${log}`), new Uint8Array(0), servicedAt);
}
