import type { Hive } from './hive.ts';
import { readKeyNode } from './key-node.ts';
import { type PackageState, packagesPath, readPackage } from './packages.ts';
import { RegistryReader } from './registry-reader.ts';
import { listSubkeyCells } from './subkey-list.ts';

const mostUpdates = 1000;

/** An update as the component store knows it. */
export interface Update {
  /** KB number, or package and version, in lower case: `kb5039895`, `rollupfix-22621.3880.1.10`. */
  readonly name: string;
  readonly state: PackageState;
  /** When it reached its state, as far as servicing tells. */
  readonly installedAt: string | null;
}

/**
 * Reads the updates among the packages of a SOFTWARE hive: of each the newest package. The thousands of packages that
 * are features and languages, and parts of an update, cost their name alone. `isWhole` says that there are no more.
 */
export function readUpdates(hive: Hive): { readonly updates: readonly Update[]; readonly isWhole: boolean } {
  const reader = new RegistryReader(hive);
  const root = hive.findKey(packagesPath);
  const updates = new Map<string, Update>();
  for (const cell of root ? listSubkeyCells(hive.cells, root) : []) {
    const key = readKeyNode(hive.cells, cell);
    const name = key && updateNameOf(key.name);
    if (!key || name === undefined) continue;
    const { state, installedAt } = readPackage(reader, key);
    const known = updates.get(name);
    if (known && (known.installedAt ?? '') >= (installedAt ?? '')) continue;
    if (!known && updates.size >= mostUpdates) return { updates: [...updates.values()], isWhole: false };
    updates.set(name, { name, state, installedAt });
  }
  return { updates: [...updates.values()], isWhole: root !== undefined };
}

/** From name, publisher, architecture, language and version, with a tilde between each. */
function updateNameOf(identity: string): string | undefined {
  const parts = /^Package_for_([\w.-]{1,48})~[^~]*~[^~]*~[^~]*~([\d.]{1,40})$/i.exec(identity);
  if (!parts) return undefined;
  const [, name = '', version = ''] = parts;
  return (/^KB\d+$/i.test(name) ? name : `${name}-${version}`).toLowerCase();
}
