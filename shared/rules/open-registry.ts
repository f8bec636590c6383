import { foldName } from '../facts/glob.ts';

/** A registry value that a fact names: `registry.software\contoso\agent\version`. */
export interface NamedValue {
  readonly hive: 'SYSTEM' | 'SOFTWARE';
  /** Below the root of the hive; of SYSTEM below the control set that Windows starts with. */
  readonly key: string;
  readonly name: string;
}

const longestName = 200;

// Keys whose values say how Windows is set up. Names of people and networks, and secrets, stand elsewhere.
const openKeys = {
  SYSTEM: [
    'CONTROL\\BITLOCKERSTATUS',
    'CONTROL\\CI',
    'CONTROL\\CRASHCONTROL',
    'CONTROL\\DEVICEGUARD',
    'CONTROL\\FILESYSTEM',
    'CONTROL\\PNP',
    'CONTROL\\PRODUCTOPTIONS',
    'CONTROL\\SAFEBOOT\\OPTION',
    'CONTROL\\SECUREBOOT',
    'CONTROL\\SESSION MANAGER\\MEMORY MANAGEMENT',
    'CONTROL\\SESSION MANAGER\\POWER',
    'CONTROL\\STORPORT',
    'CONTROL\\WHEA',
  ],
  SOFTWARE: [
    'MICROSOFT\\WINDOWS\\CURRENTVERSION\\COMPONENT BASED SERVICING\\SESSIONSPENDING',
    'POLICIES\\MICROSOFT\\FVE',
    'POLICIES\\MICROSOFT\\WINDOWS\\DEVICEGUARD',
    'POLICIES\\MICROSOFT\\WINDOWS\\WINDOWSUPDATE',
  ],
} as const;
const valuesOfService = new Set(['START', 'TYPE', 'ERRORCONTROL', 'GROUP', 'TAG', 'IMAGEPATH']);
/** What a program says of its own version; nothing else of a vendor's key is anybody's business. */
const versionName = /(VERSION|VER|BUILD|REVISION|RELEASE)$/;
const vendorsOfWindows = new Set([
  'MICROSOFT',
  'POLICIES',
  'CLASSES',
  'CLIENTS',
  'REGISTEREDAPPLICATIONS',
  'ODBC',
]);

/** The registry value that the name of a fact means; undefined where a device may not be asked for it. */
export function findOpenValue(fact: string): NamedValue | undefined {
  const [hive, ...parts] = foldName(fact).split('\\');
  const name = parts.pop() ?? '';
  const written = fact.split('\\');
  if (fact.length > longestName || parts.length === 0 || [name, ...parts].some(part => part.trim() === ''))
    return undefined;
  const value = { key: written.slice(1, -1).join('\\'), name: written.at(-1) ?? '' };
  if (hive === 'REGISTRY.SYSTEM' && isOpenInSystem(parts, name)) return { hive: 'SYSTEM', ...value };
  if (hive === 'REGISTRY.SOFTWARE' && isOpenInSoftware(parts, name)) return { hive: 'SOFTWARE', ...value };
  return undefined;
}

const isBelow = (keys: readonly string[], parts: readonly string[]) => {
  const key = parts.join('\\');
  return keys.some(open => key === open || key.startsWith(`${open}\\`));
};

const isOpenInSystem = (parts: readonly string[], name: string) =>
  isBelow(openKeys.SYSTEM, parts) ||
  (parts.length === 2 && parts[0] === 'SERVICES' && valuesOfService.has(name));

function isOpenInSoftware(parts: readonly string[], name: string): boolean {
  if (isBelow(openKeys.SOFTWARE, parts)) return true;
  const [vendor = '', ...rest] = parts[0] === 'WOW6432NODE' ? parts.slice(1) : parts;
  return vendor !== '' && !vendorsOfWindows.has(vendor) && rest.length > 0 && versionName.test(name);
}
