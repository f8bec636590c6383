import type { Hive } from './hive.ts';

/** What a hive is for, told by the keys at its root: names of files are no proof. */
export type HiveKind = 'system' | 'software' | 'boot-configuration' | 'components' | 'drivers' | 'other';

const signs: readonly (readonly [HiveKind, readonly string[]])[] = [
  ['system', ['Select', 'Setup']],
  ['software', ['Classes', 'Microsoft']],
  ['boot-configuration', ['Description', 'Objects']],
  ['components', ['DerivedData']],
  ['drivers', ['DriverDatabase']],
];

/** Finds out what a hive is for. Hives of secrets (SAM, SECURITY) and of users are `other`: they are not read. */
export function findHiveKind(hive: Hive): HiveKind {
  const root = hive.root;
  const names = new Set(root ? hive.subkeys(root).map(key => key.name.toLowerCase()) : []);
  const found = signs.find(([, keys]) => keys.every(name => names.has(name.toLowerCase())));
  return found?.[0] ?? 'other';
}
