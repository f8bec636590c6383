import type { Hive } from './hive.ts';
import { RegistryReader } from './registry-reader.ts';

/** What runs before or instead of the logon of the next start, from a SYSTEM hive. */
export interface SetupState {
  /** Setup, an upgrade or a first logon is not finished: the next start continues it. */
  readonly setupInProgress: boolean | null;
  readonly outOfBoxInProgress: boolean | null;
  readonly upgradeInProgress: boolean | null;
  /** Program that a start in setup runs; null when there is none. */
  readonly commandLine: string | null;
  /** Native programs of the session manager, as `autocheck autochk *`. */
  readonly bootExecute: readonly string[];
}

/** Reads what the next start will do before logon. */
export function readSetupState(hive: Hive, controlSet: string): SetupState {
  const reader = new RegistryReader(hive);
  const setup = hive.findKey('Setup');
  const flag = (name: string): boolean | null => {
    const number = reader.findNumber(setup, name);
    return number === null ? null : number !== 0;
  };
  const manager = hive.findKey(`${controlSet}\\Control\\Session Manager`);
  return {
    setupInProgress: flag('SystemSetupInProgress'),
    outOfBoxInProgress: flag('OOBEInProgress'),
    upgradeInProgress: flag('Upgrade'),
    commandLine: reader.findText(setup, 'CmdLine') || null,
    bootExecute: reader.findTexts(manager, 'BootExecute') ?? [],
  };
}
