import type { SecretKind } from './pseudonyms.ts';

const byName: Readonly<Record<string, SecretKind>> = {
  computername: 'host',
  hostname: 'host',
  dnsname: 'host',
  'device.name': 'host',
  domain: 'domain',
  user: 'user',
  username: 'user',
  accountname: 'user',
  machineguid: 'serial',
  serial: 'serial',
  serialnumber: 'serial',
};

/** What the name of a field says about the text in it; undefined for ordinary fields. */
export function kindOfField(name: string, parent: string): SecretKind | undefined {
  if (parent === 'computer' && name === 'name') return 'host';
  const key = name.toLowerCase();
  return Object.hasOwn(byName, key) ? byName[key] : undefined;
}

/** Fields whose four numbers are a version and no address. */
export const isVersionField = (name: string): boolean => /version$/i.test(name);
