import type { LabTree } from './lab-tree.ts';
import { buildDirtyHive } from './registry/log-builder.ts';
import {
  buildSoftwareHive,
  buildSystemHive,
  type LabDriver,
  type LabPackage,
} from './registry/windows-hives.ts';

/** Software that a machine's registry tells of. */
export interface LabInstallation {
  readonly drivers: readonly LabDriver[];
  readonly securityProducts: readonly string[];
}

/** Windows 11 23H2 with the cumulative update of July 2024. */
const packages: readonly LabPackage[] = [
  {
    name: 'Package_for_RollupFix~31bf3856ad364e35~amd64~~22621.3880.1.10',
    state: 0x70,
    installedAt: '2024-07-09T18:20:44.000Z',
  },
  {
    name: 'Package_for_KB5039895~31bf3856ad364e35~amd64~~22621.3879.9217.1',
    state: 0x70,
    installedAt: '2024-07-09T18:14:02.000Z',
  },
  { name: 'Microsoft-Windows-LanguageFeatures-Basic-fr-fr-Package~31bf~amd64~~10.0.22621.1', state: 0x70 },
];

/**
 * Puts the hives of a machine that was switched off hard: the newest changes to SYSTEM stand in its log alone, as on
 * nearly every machine that reaches recovery.
 */
export function installHives(
  tree: LabTree,
  computerName: string,
  { drivers, securityProducts }: LabInstallation,
  servicedAt: Date,
  stoppedAt: Date,
): void {
  const config = (name: string) => `Windows\\System32\\config\\${name}`;
  const system = { computerName, drivers };
  const pendingRenames = ['\\??\\C:\\Windows\\Temp\\contoso-ledger.tmp', ''];
  const dirty = buildDirtyHive([buildSystemHive(system), buildSystemHive({ ...system, pendingRenames })]);
  tree.write(config('SYSTEM'), dirty.hive, stoppedAt);
  tree.write(config('SYSTEM.LOG1'), dirty.log1, stoppedAt);
  tree.write(config('SYSTEM.LOG2'), dirty.log2, servicedAt);
  const software = buildSoftwareHive({
    build: 22_631,
    revision: 3880,
    release: '23H2',
    machineGuid: '3b5f1f2e-4711-4d6a-8c1e-0a9d5b7c2e11',
    packages,
    securityProducts,
  });
  tree.write(config('SOFTWARE'), software, stoppedAt);
  for (const log of ['LOG1', 'LOG2']) tree.write(config(`SOFTWARE.${log}`), new Uint8Array(0), servicedAt);
}
