import type { Hive } from './hive.ts';
import { RegistryReader } from './registry-reader.ts';

/**
 * What a SYSTEM hive tells about BitLocker. Whether a volume is encrypted now stands on the volume, not in the
 * registry.
 */
export interface BitLockerSettings {
  /** Whether the driver that unlocks volumes starts with Windows; without it an encrypted volume stays unreadable. */
  readonly driverStartsAtBoot: boolean | null;
  /** `BootStatus`: whether Windows was last started from a protected volume; absent on older versions. */
  readonly startedProtected: boolean | null;
}

/** What group policy asks of BitLocker, by the names of the policy values; from a SOFTWARE hive. */
export interface BitLockerPolicy {
  readonly numbers: Readonly<Record<string, number>>;
}

/** Reads what a SYSTEM hive tells about BitLocker. */
export function readBitLockerSettings(hive: Hive, controlSet: string): BitLockerSettings {
  const reader = new RegistryReader(hive);
  const start = reader.findNumber(hive.findKey(`${controlSet}\\Services\\fvevol`), 'Start');
  const status = reader.findNumber(hive.findKey(`${controlSet}\\Control\\BitlockerStatus`), 'BootStatus');
  return {
    driverStartsAtBoot: start === null ? null : start === 0,
    startedProtected: status === null ? null : status !== 0,
  };
}

/** Reads the numbers of the BitLocker policy, as `UseTPMPIN` and `OSRequireActiveDirectoryBackup`. */
export function readBitLockerPolicy(hive: Hive): BitLockerPolicy {
  const reader = new RegistryReader(hive);
  const key = hive.findKey('Policies\\Microsoft\\FVE');
  const numbers: Record<string, number> = {};
  for (const { name } of key ? hive.values(key) : []) {
    const number = reader.findNumber(key, name);
    if (number !== null) numbers[name] = number;
  }
  return { numbers };
}
