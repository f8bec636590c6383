import type { Hive } from './hive.ts';
import { RegistryReader } from './registry-reader.ts';

/** The random id that setup gave this installation of Windows, from a SOFTWARE hive; lower case. */
export function readMachineGuid(hive: Hive): string | null {
  const text = new RegistryReader(hive).getText('Microsoft\\Cryptography', 'MachineGuid');
  return text !== null && /^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/.test(text)
    ? text.toLowerCase()
    : null;
}
