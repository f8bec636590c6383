/** What a fact's value is and how it compares. `hex64` is a `0x` lower-case hex string of at most 64 bits. */
export type FactType = 'text' | 'number' | 'hex64' | 'version' | 'instant' | 'flag' | 'file' | 'search';

/** One entry of the vocabulary: an exact name, or a family whose variable part stands as `*`. */
export interface FactDefinition {
  readonly name: string;
  readonly type: FactType;
  readonly unit?: string;
  readonly meaning: string;
  /** How a sentence names the fact of a family; `*` stands for the variable part. */
  readonly phrase?: string;
  readonly source: string;
}

/**
 * Every fact a device may report. Paths in names start with a place (`%systemroot%`, `%programfiles%`) of the
 * Windows that was found, use backslashes and are lower case, as Windows compares them.
 */
export const vocabulary: readonly FactDefinition[] = [
  { name: 'device.name', type: 'text', meaning: 'computer name', source: 'SYSTEM hive or provisioning' },
  { name: 'device.model', type: 'text', meaning: 'manufacturer and model', source: 'SMBIOS' },
  {
    name: 'boot.failedStarts',
    type: 'number',
    unit: 'starts',
    meaning: 'starts in a row that did not reach logon',
    source: 'bootstat.dat',
  },
  {
    name: 'boot.lastFailedAt',
    type: 'instant',
    meaning: 'when the last failed start began',
    source: 'bootstat.dat',
  },
  { name: 'volume.bitlocker', type: 'text', meaning: 'none, unlocked or locked', source: 'manage-bde' },
  {
    name: 'os.build',
    type: 'number',
    meaning: 'Windows build, as 22631',
    source: 'SOFTWARE hive or kernel version',
  },
  {
    name: 'os.revision',
    type: 'number',
    meaning: 'update build revision',
    source: 'SOFTWARE hive or kernel version',
  },
  { name: 'os.architecture', type: 'text', meaning: 'x64 or arm64', source: 'kernel image' },
  { name: 'crash.code', type: 'hex64', meaning: 'bugcheck code', source: 'crash dump' },
  {
    name: 'crash.parameter.*',
    type: 'hex64',
    meaning: 'bugcheck parameter 1 to 4',
    phrase: 'bugcheck parameter *',
    source: 'crash dump',
  },
  {
    name: 'crash.module',
    type: 'text',
    meaning: 'module named as culprit, lower case',
    source: 'crash dump',
  },
  {
    name: 'crash.offset',
    type: 'hex64',
    unit: 'bytes',
    meaning: 'fault address from the module base',
    source: 'crash dump',
  },
  { name: 'crash.process', type: 'text', meaning: 'process that was running', source: 'crash dump' },
  { name: 'crash.signature', type: 'text', meaning: 'crash bucket', source: 'crash dump' },
  { name: 'crash.capturedAt', type: 'instant', meaning: 'when Windows crashed', source: 'crash dump' },
  {
    name: 'driver.*.version',
    type: 'version',
    meaning: 'file version of a driver',
    phrase: 'version of driver *',
    source: 'PE version resource',
  },
  {
    name: 'driver.*.path',
    type: 'text',
    meaning: 'path of a driver',
    phrase: 'path of driver *',
    source: 'boot log or drivers folder',
  },
  {
    name: 'file.*',
    type: 'file',
    meaning: 'a file: size in bytes, last write, hash',
    phrase: 'file *',
    source: 'directory listing',
  },
  {
    name: 'searched.*',
    type: 'search',
    meaning: 'a place that was searched, so that absence is known',
    phrase: 'search of *',
    source: 'directory listing',
  },
  {
    name: 'bootlog.lastLoaded',
    type: 'text',
    meaning: 'driver loaded last in the newest start',
    source: 'ntbtlog.txt',
  },
  {
    name: 'bootlog.loaded',
    type: 'number',
    unit: 'drivers',
    meaning: 'drivers loaded in the newest start',
    source: 'ntbtlog.txt',
  },
  {
    name: 'srt.rootCause',
    type: 'text',
    meaning: 'root cause of the newest Startup Repair session',
    source: 'SrtTrail.txt',
  },
  {
    name: 'srt.attempts',
    type: 'number',
    unit: 'attempts',
    meaning: 'repair attempts',
    source: 'SrtTrail.txt',
  },
];

const exact = new Map(vocabulary.map(definition => [definition.name, definition]));
const families = vocabulary
  .filter(definition => definition.name.includes('*'))
  .map(definition => {
    const [before = '', after = ''] = definition.name.split('*');
    return { definition, before, after };
  });

/** The definition that a fact name belongs to, or undefined for a name that is not in the vocabulary. */
export function findDefinition(name: string): FactDefinition | undefined {
  return exact.get(name) ?? findFamily(name)?.definition;
}

/** How a sentence names a fact: `version of driver csagent`. */
export function sayFact(name: string): string {
  const family = findFamily(name);
  if (!family) return exact.get(name)?.meaning ?? name;
  const { definition, before, after } = family;
  const variable = name.slice(before.length, name.length - after.length);
  return definition.phrase?.replace('*', () => variable) ?? definition.meaning;
}

function findFamily(name: string) {
  return families.find(
    ({ before, after }) =>
      name.length > before.length + after.length && name.startsWith(before) && name.endsWith(after),
  );
}
