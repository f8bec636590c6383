import type { CrashControl } from '../registry/crash-control.ts';
import type { SystemDescription } from '../registry/describe-hive.ts';
import type { FilterSetting } from '../registry/filters.ts';
import type { SetupState } from '../registry/setup-state.ts';
import type { Facts, FactValue } from './facts.ts';

/** Classes of devices that a start needs. */
const startClasses = new Set(['diskdrive', 'volume', 'hdc', 'scsiadapter', 'system']);
const mostFilters = 12;
const [longestName, longestText] = [64, 512];

/** What of a SYSTEM hive becomes facts, apart from services and filters. */
export interface SystemReading extends Pick<SystemDescription, 'bitLocker' | 'hardware'> {
  readonly crashControl: Pick<CrashControl, 'restarts' | 'dump'>;
  readonly pendingRenames: { readonly length: number };
  readonly setup: Pick<SetupState, 'setupInProgress' | 'outOfBoxInProgress' | 'upgradeInProgress'>;
}

/** The facts a SYSTEM hive states, apart from services and filters. */
export function factsOfSystemHive(reading: SystemReading): Facts {
  const { crashControl, pendingRenames, setup, bitLocker } = reading;
  const facts: Record<string, FactValue> = {
    ...factsOfHardware(reading.hardware),
    'boot.pendingRenames': pendingRenames.length,
  };
  const setupState = setupStateOf(setup);
  if (setupState !== undefined) facts['setup.state'] = setupState;
  if (crashControl.restarts !== null) facts['crash.autoReboot'] = crashControl.restarts;
  if (crashControl.dump !== 'unknown') facts['crash.dumpKind'] = crashControl.dump;
  if (bitLocker.driverStartsAtBoot !== null)
    facts['bitlocker.driverStartsAtBoot'] = bitLocker.driverStartsAtBoot;
  if (bitLocker.startedProtected !== null) facts['bitlocker.startedProtected'] = bitLocker.startedProtected;
  return facts;
}

const factsOfHardware = ({ role, processor, disks }: SystemReading['hardware']): Facts => ({
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
