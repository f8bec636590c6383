import type { Hive } from './hive.ts';
import { type MissingSetting, RegistryReader } from './registry-reader.ts';

const kinds: ReadonlyMap<number, CrashControl['dump']> = new Map([
  [0, 'none'],
  [1, 'complete'],
  [2, 'kernel'],
  [3, 'small'],
  [7, 'automatic'],
]);

/** What Windows does when it stops with a blue screen, and where the dump then lies. */
export interface CrashControl {
  /** `active` is a complete dump without pages that matter to nobody. */
  readonly dump: 'none' | 'complete' | 'active' | 'kernel' | 'small' | 'automatic' | 'unknown';
  /** With its variable, as `%SystemRoot%\MEMORY.DMP`; the default when the hive says nothing. */
  readonly dumpFile: string;
  readonly minidumpFolder: string;
  /** A file of its own that takes the dump instead of the page file. */
  readonly dedicatedDumpFile: string | null;
  /** Without it Windows stays on the blue screen, and recovery never starts by itself. */
  readonly restarts: boolean | null;
  readonly overwrites: boolean | null;
  readonly logsEvent: boolean | null;
  /** Drivers that write the dump through, as for encrypted disks. */
  readonly dumpFilters: readonly string[];
  /** Page files of the last start, in which a dump may still lie. */
  readonly pageFiles: readonly string[];
  readonly missing: readonly MissingSetting[];
}

/** Reads `CrashControl` and the page files of a control set. */
export function readCrashControl(hive: Hive, controlSet: string): CrashControl {
  const reader = new RegistryReader(hive);
  const path = `${controlSet}\\Control\\CrashControl`;
  const enabled = reader.getNumber(path, 'CrashDumpEnabled');
  const key = hive.findKey(path);
  const flag = (name: string): boolean | null => {
    const number = reader.findNumber(key, name);
    return number === null ? null : number !== 0;
  };
  const kind = kinds.get(enabled ?? -1) ?? 'unknown';
  const memory = hive.findKey(`${controlSet}\\Control\\Session Manager\\Memory Management`);
  return {
    dump: kind === 'complete' && flag('FilterPages') === true ? 'active' : kind,
    dumpFile: reader.findText(key, 'DumpFile') ?? '%SystemRoot%\\MEMORY.DMP',
    minidumpFolder: reader.findText(key, 'MinidumpDir') ?? '%SystemRoot%\\Minidump',
    dedicatedDumpFile: reader.findText(key, 'DedicatedDumpFile'),
    restarts: flag('AutoReboot'),
    overwrites: flag('Overwrite'),
    logsEvent: flag('LogEvent'),
    dumpFilters: reader.findTexts(key, 'DumpFilters') ?? [],
    pageFiles: reader.findTexts(memory, 'ExistingPageFiles') ?? [],
    missing: reader.missing,
  };
}
