import type { Facts } from '../../facts/facts.ts';
import { findPlace } from '../../facts/place.ts';

/** Names that machines reported, for completion. */
export interface KnownNames {
  readonly paths: readonly string[];
  readonly drivers: readonly string[];
  readonly services: readonly string[];
  readonly modules: readonly string[];
  readonly packages: readonly string[];
}

export const noNames: KnownNames = { paths: [], drivers: [], services: [], modules: [], packages: [] };

const most = 200;

/** What the facts of some incidents name, each once, in the order of the facts. */
export function knownNamesOf(records: readonly Facts[]): KnownNames {
  const found = { paths: new Set<string>(), drivers: new Set<string>(), services: new Set<string>(), modules: new Set<string>(), packages: new Set<string>() }; // prettier-ignore
  for (const facts of records)
    for (const [name, value] of Object.entries(facts)) {
      const [, family, middle, end] = /^(file|driver|service|update)\.(.+?)(\.(?:version|path|linked|start|imagePath|installedAt))?$/.exec(name) ?? []; // prettier-ignore
      if (family === 'file') add(found.paths, spelled(`${middle ?? ''}${end ?? ''}`));
      if (family === 'driver') add(found.drivers, middle);
      if (family === 'service') add(found.services, middle);
      if (family === 'update') add(found.packages, middle);
      if (name === 'crash.module' && typeof value === 'string') add(found.modules, value);
    }
  return {
    paths: [...found.paths],
    drivers: [...found.drivers],
    services: [...found.services],
    modules: [...found.modules],
    packages: [...found.packages],
  };
}

function add(names: Set<string>, name: string | undefined): void {
  if (name !== undefined && name !== '' && names.size < most) names.add(name);
}

/** A path of a fact with its place spelled as scripts spell it. */
function spelled(path: string): string | undefined {
  const at = path.indexOf('\\');
  const place = findPlace(path.slice(0, at));
  return place && `${place}${path.slice(at)}`;
}
