import type { CrashControl } from '../registry/crash-control.ts';
import type { SystemDescription } from '../registry/describe-hive.ts';
import type { HardwareSettings } from '../registry/hardware-settings.ts';
import type { FilterSetting } from '../registry/filters.ts';
import type { SetupState } from '../registry/setup-state.ts';
import type { Facts, FactValue } from './facts.ts';

/** Classes of devices that a start needs. */
const startClasses = new Set(['diskdrive', 'volume', 'hdc', 'scsiadapter', 'system']);
const mostFilters = 12;
const [longestName, longestText] = [64, 512];

/** What of a SYSTEM hive becomes facts, apart from hardware, services and filters. */
export interface SystemReading extends Pick<SystemDescription, 'bitLocker'> {
  readonly crashControl: Pick<CrashControl, 'restarts' | 'dump'>;
  readonly pendingRenames: { readonly length: number };
  readonly setup: Pick<SetupState, 'setupInProgress' | 'outOfBoxInProgress' | 'upgradeInProgress'>;
}

/** The facts a SYSTEM hive states, apart from hardware, services and filters. */
export function factsOfSystemHive({ crashControl, pendingRenames, setup, bitLocker }: SystemReading): Facts {
  const facts: Record<string, FactValue> = { 'boot.pendingRenames': pendingRenames.length };
  const setupState = setupStateOf(setup);
  if (setupState !== undefined) facts['setup.state'] = setupState;
  if (crashControl.restarts !== null) facts['crash.autoReboot'] = crashControl.restarts;
  if (crashControl.dump !== 'unknown') facts['crash.dumpKind'] = crashControl.dump;
  if (bitLocker.driverStartsAtBoot !== null)
    facts['bitlocker.driverStartsAtBoot'] = bitLocker.driverStartsAtBoot;
  if (bitLocker.startedProtected !== null) facts['bitlocker.startedProtected'] = bitLocker.startedProtected;
  return facts;
}

/** Role, processor and disks of the machine that this Windows last ran on. */
export const factsOfHardware = ({ role, processor, disks }: HardwareSettings): Facts => ({
  ...(role !== null && { 'os.role': role }),
  ...(processor !== null && { 'cpu.identifier': processor.slice(0, longestText) }),
  ...(disks.length > 0 && { 'disk.models': disks.join(', ').slice(0, longestText) }),
});

function setupStateOf({ setupInProgress, outOfBoxInProgress, upgradeInProgress }: SystemReading['setup']) {
  if (upgradeInProgress) return 'upgrade';
  if (outOfBoxInProgress) return 'out-of-box';
  if (setupInProgress) return 'setup';
  return setupInProgress === null ? undefined : 'none';
}

/** Filter drivers of the classes of devices that a start needs. */
export function factsOfFilters(
  filters: readonly Pick<FilterSetting, 'className' | 'upper' | 'lower'>[],
): Facts {
  const told = filters.flatMap(({ className, upper, lower }) => {
    const name = className?.toLowerCase() ?? '';
    if (!startClasses.has(name)) return [];
    return [
      ...upper.map(driver => [`filter.${name}.${driver.toLowerCase()}`, 'upper', driver] as const),
      ...lower.map(driver => [`filter.${name}.${driver.toLowerCase()}`, 'lower', driver] as const),
    ];
  });
  return Object.fromEntries(
    told
      .filter(([, , driver]) => driver !== '' && driver.length <= longestName)
      .slice(0, mostFilters)
      .map(([name, place]) => [name, place]),
  );
}
