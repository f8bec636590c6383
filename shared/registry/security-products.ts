import type { Hive } from './hive.ts';
import { RegistryReader } from './registry-reader.ts';
import type { Service } from './services.ts';

const roles = { Av: 'antivirus', Fw: 'firewall', As: 'antispyware' } as const;

/**
 * A product that registered itself with the Windows Security Center. Uninstalled ones can stay registered, and
 * servers have no Security Center: a driver of the product that is there says more.
 */
export interface SecurityProduct {
  readonly name: string;
  readonly role: (typeof roles)[keyof typeof roles];
  /** Program that the product is started by, as written. */
  readonly program: string | null;
}

/** Reads the products registered with the Security Center from a SOFTWARE hive. */
export function readSecurityProducts(hive: Hive): readonly SecurityProduct[] {
  const reader = new RegistryReader(hive);
  const products: SecurityProduct[] = [];
  for (const [kind, role] of Object.entries(roles)) {
    const root = hive.findKey(`Microsoft\\Security Center\\Provider\\${kind}`);
    for (const key of root ? hive.subkeys(root) : []) {
      const name = reader.findText(key, 'DISPLAYNAME');
      if (name !== null) products.push({ name, role, program: reader.findText(key, 'PRODUCTEXE') });
    }
  }
  return products;
}

/** Drivers of security products that Windows starts before all others: one for each product that has such a driver. */
export const earlyLaunchDrivers = (services: readonly Service[]): readonly Service[] =>
  services.filter(({ group, start }) => group?.toLowerCase() === 'early-launch' && start === 'boot');
