import { foldName } from '../registry/record-name.ts';
import { isBootCritical } from './boot-critical.ts';
import type { HiveName } from './offline-registry.ts';

/** Keys of one kind, with all below them. Paths of SYSTEM start below the control set, or at the root of the hive. */
interface ProtectedKeys {
  readonly hive: HiveName;
  readonly what: string;
  readonly keys: readonly string[];
}

const windows = 'Microsoft\\Windows\\CurrentVersion';
const windowsNt = 'Microsoft\\Windows NT\\CurrentVersion';

/** What can cost a machine its start, its security or the logon. No script sets or removes a value there. */
export const protectedKeys: readonly ProtectedKeys[] = [
  {
    hive: 'SYSTEM',
    what: 'what Windows starts with and from',
    keys: ['Select', 'Setup', 'MountedDevices', 'HardwareConfig', 'Control\\hivelist', 'Control\\ProductOptions', 'Enum', 'Control\\Class', 'Control\\DeviceClasses', 'Control\\SecureBoot', 'Control\\Session Manager\\SubSystems', 'Control\\Session Manager\\KnownDLLs', 'Control\\Session Manager\\AppCertDlls', 'Control\\SafeBoot', 'Control\\ServiceGroupOrder', 'Control\\GroupOrderList', 'Control\\BackupRestore', 'Control\\MiniNT'],
  },
  {
    hive: 'SYSTEM',
    what: 'who may log on and what may run',
    keys: ['Control\\Lsa', 'Control\\LsaExtensionConfig', 'Control\\SecurityProviders', 'Control\\SecurePipeServers', 'Control\\CI', 'Control\\DeviceGuard', 'Control\\BitlockerStatus', 'Control\\FVEStats', 'Policies\\Microsoft\\FVE', 'Control\\Cryptography', 'WPA', 'RNG'],
  },
  {
    hive: 'SOFTWARE',
    what: 'who may log on and what may run',
    keys: [`${windowsNt}\\Winlogon`, `${windowsNt}\\Image File Execution Options`, `${windowsNt}\\SilentProcessExit`, `${windowsNt}\\Svchost`, `${windowsNt}\\Windows`, `${windowsNt}\\ProfileList`, `${windows}\\Run`, `${windows}\\RunOnce`, `${windows}\\RunServices`, `${windows}\\Policies`, `${windows}\\Authentication`, 'Microsoft\\Cryptography', 'Microsoft\\SystemCertificates', 'Microsoft\\EnterpriseCertificates', 'Microsoft\\Windows Defender', 'Microsoft\\Active Setup', 'Policies', 'Classes'],
  },
  {
    hive: 'SOFTWARE',
    what: 'the servicing of Windows',
    keys: [`${windows}\\Component Based Servicing`, `${windows}\\SideBySide`, `${windows}\\Setup`],
  },
]; // prettier-ignore

const guarded = protectedKeys.flatMap(({ hive, what, keys }) =>
  keys.map(key => ({ hive, what, parts: key.split('\\').map(foldName) })),
);

/** Values that make Windows run a program or move a file before anybody logs on. Taking them away is open. */
export const protectedValues: readonly { readonly key: string; readonly names: readonly string[] }[] = [
  {
    key: 'Control\\Session Manager',
    names: [
      'BootExecute', 'BootExecuteNoPnpSync', 'SetupExecute', 'PlatformExecute', 'Execute', 'S0InitialCommand',
      'PendingFileRenameOperations', 'PendingFileRenameOperations2',
    ],
  },
  { key: 'Services\\*\\Parameters', names: ['ServiceDll'] },
]; // prettier-ignore

const guardedValues = protectedValues.map(({ key, names }) => ({
  parts: key.split('\\').map(foldName),
  names: new Set(names.map(foldName)),
}));

/** Whether a value of the SYSTEM hive is one that no script sets or adds to, though its key is open. */
export function isProtectedValue(hive: HiveName, key: string, name: string): boolean {
  const [, ...parts] = key.split('\\').map(foldName);
  return (
    hive === 'SYSTEM' &&
    guardedValues.some(
      one =>
        one.names.has(foldName(name)) &&
        one.parts.length === parts.length &&
        one.parts.every((part, at) => part === '*' || part === parts[at]),
    )
  );
}

/** What is protected at a key, in words that follow "belongs to"; undefined when a script may set values there. */
export function findProtectedKey(hive: HiveName, key: string): string | undefined {
  const { isSet, parts } = partsOf(hive, key);
  if (parts.length === 0 || parts.includes('')) return 'the root of a hive';
  // The values of a service say what it is and how it starts; below it stand its own settings.
  if (isSet && parts[0] === 'SERVICES' && parts.length < 3) return 'the set-up of drivers and services';
  return guarded.find(one => one.hive === hive && one.parts.every((part, at) => part === parts[at]))?.what;
}

/**
 * What is protected at a key or anywhere below it, in words that follow "belongs to"; undefined when a script may take
 * the whole key away.
 */
export function findProtectionBelow(hive: HiveName, key: string): string | undefined {
  const { isSet, parts } = partsOf(hive, key);
  const own = findProtectedKey(hive, key);
  if (own !== undefined) return own;
  if (isSet && parts[0] === 'SERVICES' && isBootCritical(parts[1] ?? ''))
    return 'what Windows starts with and from';
  return guarded.find(one => one.hive === hive && parts.every((part, at) => part === one.parts[at]))?.what;
}

/** The folded names of a key, from below a control set or the part for programs of 32 bits on. */
function partsOf(
  hive: HiveName,
  key: string,
): { readonly isSet: boolean; readonly parts: readonly string[] } {
  const all = key.split('\\').map(foldName);
  const isSet = hive === 'SYSTEM' && /^(CURRENTCONTROLSET|CONTROLSET\d{3})$/.test(all[0] ?? '');
  const isOther = hive === 'SOFTWARE' && all[0] === 'WOW6432NODE';
  return { isSet, parts: isSet || isOther ? all.slice(1) : all };
}
