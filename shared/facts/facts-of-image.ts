import { printable } from '../bytes/printable.ts';
import type { PortableExecutable } from '../portable-executable/portable-executable.ts';
import type { Facts, FactValue } from './facts.ts';

/** Architecture, build and revision from the kernel file itself. */
export function factsOfKernelImage({ architecture, fileVersion }: PortableExecutable): Facts {
  const facts: Record<string, FactValue> = {};
  if (architecture !== 'unknown') facts['os.architecture'] = architecture;
  const [build, revision] = (fileVersion ?? '').split('.').slice(2).map(Number);
  if (build !== undefined && build > 0) facts['os.build'] = build;
  if (revision !== undefined && revision > 0) facts['os.revision'] = revision;
  return facts;
}

const maxVendorLength = 64;

/** Version, vendor and link time of a driver file; `driver` is its name without ending, lower case. */
export function factsOfDriverImage(
  driver: string,
  { fileVersion, companyName, timeDateStamp }: PortableExecutable,
): Facts {
  const vendor = printable(companyName ?? '')
    .trim()
    .slice(0, maxVendorLength);
  return {
    ...(fileVersion !== null && { [`driver.${driver}.version`]: fileVersion }),
    ...(vendor !== '' && { [`driver.${driver}.vendor`]: vendor }),
    ...(timeDateStamp !== '0x0' && { [`driver.${driver}.linked`]: timeDateStamp }),
  };
}
