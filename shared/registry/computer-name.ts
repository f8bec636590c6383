import type { Hive } from './hive.ts';
import { type MissingSetting, RegistryReader } from './registry-reader.ts';

/** What a machine is called. */
export interface ComputerName {
  /** NetBIOS name, at most 15 characters. */
  readonly name: string | null;
  readonly dnsName: string | null;
  /** Domain, or null outside of one. */
  readonly domain: string | null;
  readonly missing: readonly MissingSetting[];
}

/** Reads the names of the machine from a SYSTEM hive. */
export function readComputerName(hive: Hive, controlSet: string): ComputerName {
  const reader = new RegistryReader(hive);
  const name = reader.getText(`${controlSet}\\Control\\ComputerName\\ComputerName`, 'ComputerName');
  const network = hive.findKey(`${controlSet}\\Services\\Tcpip\\Parameters`);
  return {
    name,
    dnsName: reader.findText(network, 'NV Hostname') ?? reader.findText(network, 'Hostname'),
    domain: reader.findText(network, 'NV Domain') || reader.findText(network, 'Domain') || null,
    missing: reader.missing,
  };
}
