import type { Service } from '../registry/services.ts';
import type { Facts, FactValue } from './facts.ts';

const longestName = 64;
const longestText = 512;

/** What of a service becomes facts. */
export type ServiceReading = Pick<Service, 'name' | 'start' | 'startOverride' | 'imagePath'>;

/** The service whose driver is a file of this name, as `csagent.sys`. */
export const findServiceOf = <Reading extends ServiceReading>(
  services: readonly Reading[],
  fileName: string,
): Reading | undefined => services.find(service => fileNameOf(service) === fileName.toLowerCase());

/** How the drivers of these file names are set up to start. */
export function factsOfServices(services: readonly ServiceReading[], fileNames: readonly string[]): Facts {
  const facts: Record<string, FactValue> = {};
  for (const fileName of fileNames) {
    const service = findServiceOf(services, fileName);
    if (!service || service.name.length > longestName) continue;
    const { start, startOverride, imagePath } = service;
    const name = service.name.toLowerCase();
    const effective = startOverride ?? start;
    if (effective !== 'unknown')
      facts[`driver.${fileName.toLowerCase().replace(/\.sys$/, '')}.start`] = effective;
    if (start !== 'unknown') facts[`service.${name}.start`] = start;
    if (imagePath !== null && imagePath.length <= longestText) facts[`service.${name}.imagePath`] = imagePath;
  }
  return facts;
}

/** A driver without an image path is the file of its own name. */
function fileNameOf({ name, imagePath }: ServiceReading): string {
  const path = imagePath?.replaceAll('"', '') ?? `${name}.sys`;
  return path.slice(path.lastIndexOf('\\') + 1).toLowerCase();
}
