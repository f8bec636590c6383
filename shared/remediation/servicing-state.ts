import type { VolumeView } from '../facts/volume-view.ts';
import {
  type PackageState,
  packagesPath,
  readPackage,
  readUnfinishedServicing,
} from '../registry/packages.ts';
import { RegistryReader } from '../registry/registry-reader.ts';
import type { OfflineRegistry } from './offline-registry.ts';

/** A package that is there in some state. */
export interface FoundPackage {
  readonly identity: string;
  readonly state: PackageState;
}

/** States that a script can ask for. */
export const packageStates = [
  'installed',
  'install-pending',
  'uninstall-pending',
  'staged',
  'superseded',
  'permanent',
  'absent',
] as const satisfies readonly PackageState[];
export type AskedPackageState = (typeof packageStates)[number];

/** The one state of all packages that a line names: absent when there is none, unknown when they differ. */
export function stateOf(packages: readonly FoundPackage[]): PackageState {
  const states = new Set(packages.map(one => one.state));
  return states.size <= 1 ? ([...states][0] ?? 'absent') : 'unknown';
}

/** Packages of the component store that a line names, or why that cannot be told. */
export type FoundPackages =
  | { readonly ok: true; readonly packages: readonly FoundPackage[] }
  | { readonly ok: false; readonly reason: string };

const mostPackages = 30_000;

/** Finds the packages of the component store whose identity fits. */
export function findPackages(registry: OfflineRegistry, fits: (identity: string) => boolean): FoundPackages {
  const opened = registry.open('SOFTWARE');
  if (!opened.ok) return opened;
  const { hive } = opened.recovered;
  const root = hive.findKey(packagesPath);
  if (!root) return { ok: false, reason: 'The hive SOFTWARE lists no packages of the component store.' };
  if (root.subkeyCount > mostPackages)
    return { ok: false, reason: 'The component store lists more packages than can be looked through.' };
  const reader = new RegistryReader(hive);
  const packages = hive
    .subkeys(root)
    .filter(key => fits(key.name))
    .map(key => ({ identity: key.name, state: readPackage(reader, key).state }));
  return hive.problems.length === 0
    ? { ok: true, packages }
    : { ok: false, reason: 'The list of packages in the hive SOFTWARE is damaged.' };
}

/** Whether nothing is left to remove: gone, or waiting for the next start to go. */
export const isRemoved = ({ state }: FoundPackage): boolean =>
  state === 'absent' || state === 'uninstall-pending' || state === 'superseded' || state === 'resolved';

/** Identities of an update: `KB5021233` is the name of its package. */
export const isOfUpdate =
  (update: string) =>
  (identity: string): boolean =>
    identity.toLowerCase().startsWith(`package_for_${update.toLowerCase()}~`);

/** What servicing left for the next start: keys of the component store, or the file with the work itself. */
export function findPendingServicing(
  registry: OfflineRegistry,
  volume: VolumeView,
):
  { readonly ok: true; readonly signs: readonly string[] } | { readonly ok: false; readonly reason: string } {
  const opened = registry.open('SOFTWARE');
  if (!opened.ok) return opened;
  const { pending } = readUnfinishedServicing(opened.recovered.hive);
  const file = volume.find(`${volume.windowsDirectory}\\WinSxS\\pending.xml`);
  return { ok: true, signs: [...pending, ...(file ? ['WinSxS\\pending.xml'] : [])] };
}
