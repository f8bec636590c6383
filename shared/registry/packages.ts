import type { Hive } from './hive.ts';
import { instantOfFileTime } from './file-time.ts';
import type { HiveKey } from './key-node.ts';
import { type MissingSetting, RegistryReader } from './registry-reader.ts';

const servicing = 'Microsoft\\Windows\\CurrentVersion\\Component Based Servicing';

const states: ReadonlyMap<number, PackageState> = new Map([
  [0x00, 'absent'],
  [0x05, 'uninstall-pending'],
  [0x10, 'resolving'],
  [0x20, 'resolved'],
  [0x30, 'staging'],
  [0x40, 'staged'],
  [0x50, 'superseded'],
  [0x60, 'install-pending'],
  [0x65, 'partially-installed'],
  [0x70, 'installed'],
  [0x80, 'permanent'],
]);

/** How far Windows is with a package. */
export type PackageState =
  | 'absent'
  | 'uninstall-pending'
  | 'resolving'
  | 'resolved'
  | 'staging'
  | 'staged'
  | 'superseded'
  | 'install-pending'
  | 'partially-installed'
  | 'installed'
  | 'permanent'
  | 'unknown';

/** A package of the component store: an update, a feature, a language. */
export interface ServicingPackage {
  /** Its identity: `Package_for_RollupFix~31bf3856ad364e35~amd64~~26100.4652.1.9`. */
  readonly name: string;
  readonly state: PackageState;
  /** The number behind the state, for those that have no name. */
  readonly stateNumber: number | null;
  readonly installedAt: string | null;
  /** Who asked for it: `WindowsUpdateAgent`, `DISM Package Manager Provider`, ... */
  readonly client: string | null;
  /** HRESULT of the last failure; null when there was none. */
  readonly lastError: number | null;
}

/** Servicing that the next start goes on with. */
export interface UnfinishedServicing {
  /** Keys that exist only while servicing is not finished, as `RebootPending`. */
  readonly pending: readonly string[];
  /** A session that keeps all others out: the servicing stack waits for it. */
  readonly exclusiveSession: boolean;
}

/** The component store as the SOFTWARE hive tells it. */
export interface Servicing extends UnfinishedServicing {
  readonly packages: readonly ServicingPackage[];
  readonly missing: readonly MissingSetting[];
}

/** Key of the packages. */
export const packagesPath = `${servicing}\\Packages`;

/** Reads packages and pending work of the component store from a SOFTWARE hive. */
export function readServicing(hive: Hive): Servicing {
  const reader = new RegistryReader(hive);
  const root = reader.getKey(packagesPath);
  const packages = (root ? hive.subkeys(root) : []).map(key => readPackage(reader, key));
  return { packages, ...readUnfinishedServicing(hive), missing: reader.missing };
}

/** Reads one package. */
export function readPackage(reader: RegistryReader, key: HiveKey): ServicingPackage {
  const stateNumber = reader.findNumber(key, 'CurrentState');
  const [high, low] = [reader.findNumber(key, 'InstallTimeHigh'), reader.findNumber(key, 'InstallTimeLow')];
  const lastError = reader.findNumber(key, 'LastError');
  return {
    name: key.name,
    state: states.get(stateNumber ?? -1) ?? 'unknown',
    stateNumber,
    installedAt:
      high === null || low === null ? null : instantOfFileTime((BigInt(high) << 32n) | BigInt(low)),
    client: reader.findText(key, 'InstallClient'),
    lastError: lastError === 0 ? null : lastError,
  };
}

/** Reads pending work of the component store from a SOFTWARE hive. */
export function readUnfinishedServicing(hive: Hive): UnfinishedServicing {
  const waiting = ['RebootPending', 'RebootInProgress', 'PackagesPending', 'SessionsPending'];
  const pending = waiting.filter(name => hive.findKey(`${servicing}\\${name}`) !== undefined);
  const sessions = hive.findKey(`${servicing}\\SessionsPending`);
  const exclusive = new RegistryReader(hive).findNumber(sessions, 'Exclusive');
  return { pending, exclusiveSession: (exclusive ?? 0) !== 0 };
}
