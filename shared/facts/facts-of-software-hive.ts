import type { OsVersion } from '../registry/os-version.ts';
import type { UnfinishedServicing } from '../registry/packages.ts';
import type { SecurityProduct } from '../registry/security-products.ts';
import type { Update } from '../registry/updates.ts';
import type { Facts, FactValue } from './facts.ts';

const mostUpdates = 6;
const longestText = 512;
const waiting = new Set(['install-pending', 'uninstall-pending', 'partially-installed', 'staging']);
const present = new Set(['installed', 'permanent']);

/** What of a SOFTWARE hive becomes facts, apart from the version of Windows. */
export interface SoftwareReading {
  readonly securityProducts: readonly Pick<SecurityProduct, 'name'>[];
  readonly unfinished: Pick<UnfinishedServicing, 'pending'>;
  readonly updates: readonly Update[];
}

/** Which Windows a SOFTWARE hive says is installed. */
export function factsOfOsVersion({
  build,
  revision,
  edition,
  release,
  installationType,
}: Pick<OsVersion, 'build' | 'revision' | 'edition' | 'release' | 'installationType'>): Facts {
  return {
    ...(build !== null && { 'os.build': build }),
    ...(revision !== null && { 'os.revision': revision }),
    ...(edition !== null && { 'os.edition': edition.slice(0, longestText) }),
    ...(release !== null && { 'os.release': release.slice(0, longestText) }),
    ...(installationType !== null && {
      'os.productType': /server/i.test(installationType) ? 'server' : 'client',
    }),
  };
}

/** What a SOFTWARE hive says is installed: of updates those that wait, then the ones installed last. */
export function factsOfSoftwareHive({ securityProducts, unfinished, updates }: SoftwareReading): Facts {
  const facts: Record<string, FactValue> = {};
  if (unfinished.pending.length > 0) facts['update.waiting'] = unfinished.pending.toSorted().join(', ');
  const products = [...new Set(securityProducts.map(({ name }) => name))].sort().join(', ');
  if (products !== '') facts['security.products'] = products.slice(0, longestText);
  for (const { name, state, installedAt } of mostTellingUpdates(updates, mostUpdates)) {
    facts[`update.${name}`] = state;
    if (installedAt !== null) facts[`update.${name}.installedAt`] = installedAt;
  }
  return facts;
}

/** Updates that wait, then those installed last; at most so many. */
export function mostTellingUpdates(updates: readonly Update[], most: number): readonly Update[] {
  const newestFirst = updates.toSorted((a, b) => compare(b.installedAt ?? '', a.installedAt ?? ''));
  return [
    ...newestFirst.filter(({ state }) => waiting.has(state)),
    ...newestFirst.filter(({ state }) => present.has(state)),
  ].slice(0, most);
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
