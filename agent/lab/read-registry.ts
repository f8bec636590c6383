import { memorySource } from '../../shared/bytes/byte-source.ts';
import { readControlSets } from '../../shared/registry/control-sets.ts';
import type { Hive } from '../../shared/registry/hive.ts';
import { type RecoveredHive, recoverHive } from '../../shared/registry/recover-hive.ts';
import { type PackageState, readServicing } from '../../shared/registry/packages.ts';
import { readServices, type Service } from '../../shared/registry/services.ts';
import type { LabTree } from './lab-tree.ts';

/** The SYSTEM hive below the Windows drive, which edits of drivers and services give other contents. */
export const systemHive = 'Windows\\System32\\config\\SYSTEM';

/** The SOFTWARE hive below the Windows drive, which servicing gives other contents. */
export const softwareHive = 'Windows\\System32\\config\\SOFTWARE';

/** A hive of a lab machine as its Windows will see it, with the changes that wait in its logs. */
export const readHiveOf = (tree: Pick<LabTree, 'read'>, name: 'SYSTEM' | 'SOFTWARE'): Hive | undefined =>
  recoverHiveOf(tree, name)?.hive;

/** The same, with what the logs change of the file. */
export function recoverHiveOf(
  tree: Pick<LabTree, 'read'>,
  name: 'SYSTEM' | 'SOFTWARE',
): RecoveredHive | undefined {
  const source = (file: string) => {
    const bytes = tree.read(`Windows\\System32\\config\\${file}`);
    return bytes && memorySource(bytes);
  };
  const hive = source(name);
  if (!hive) return undefined;
  const [log1, log2] = [source(`${name}.LOG1`), source(`${name}.LOG2`)];
  const recovered = recoverHive(hive, { ...(log1 && { LOG1: log1 }), ...(log2 && { LOG2: log2 }) });
  return recovered.ok && (recovered.state === 'clean' || recovered.state === 'recovered')
    ? recovered
    : undefined;
}

/** How the registry starts a driver or service at the next start. */
export function findServiceOf(tree: LabTree, name: string): Service | undefined {
  const hive = readHiveOf(tree, 'SYSTEM');
  const set = hive && readControlSets(hive).path;
  if (!hive || !set) return undefined;
  return readServices(hive, set).services.find(one => one.name.toLowerCase() === name.toLowerCase());
}

/** States in which Windows runs with a package, or will from its next start on. */
const inForce: readonly PackageState[] = ['install-pending', 'partially-installed', 'installed', 'permanent'];

/** Whether a package whose identity has this text in it is installed, or becomes so at this start. */
export const hasPackageOf = (
  tree: LabTree,
  text: string,
  states: readonly PackageState[] = inForce,
): boolean => {
  const hive = readHiveOf(tree, 'SOFTWARE');
  return (hive ? readServicing(hive).packages : []).some(
    ({ name, state }) => name.includes(text) && states.includes(state),
  );
};
