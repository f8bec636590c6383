import { foldName, hasWildcard } from '../facts/glob.ts';
import { sayFact } from '../facts/vocabulary.ts';
import type { Probe } from '../wire/answer.ts';
import type { LeafCondition } from './compiled-rule.ts';
import { findOpenValue } from './open-registry.ts';

/** As many questions as one answer may carry. */
export const maxProbes = 16;

// Places that hold software of vendors. Whatever people own or sign in with lies elsewhere or is listed below.
const open = ['%SYSTEMROOT%\\', '%PROGRAMFILES%\\', '%PROGRAMDATA%\\'];
const closed = [
  '%SYSTEMROOT%\\SYSTEM32\\CONFIG\\',
  '%SYSTEMROOT%\\SYSTEM32\\LOGFILES\\',
  '%SYSTEMROOT%\\SYSTEM32\\WINEVT\\',
  '%SYSTEMROOT%\\SYSTEM32\\MICROSOFT\\PROTECT\\',
  '%SYSTEMROOT%\\SERVICEPROFILES\\',
  '%SYSTEMROOT%\\NTDS\\',
  '%SYSTEMROOT%\\SYSVOL\\',
  '%SYSTEMROOT%\\TEMP\\',
  '%SYSTEMROOT%\\PREFETCH\\',
  '%PROGRAMDATA%\\BOOTMEND\\',
  '%PROGRAMDATA%\\MICROSOFT\\CRYPTO\\',
  '%PROGRAMDATA%\\MICROSOFT\\PROTECT\\',
  '%PROGRAMDATA%\\MICROSOFT\\VAULT\\',
  '%PROGRAMDATA%\\MICROSOFT\\WINDOWS\\',
];

/**
 * Whether a device may be asked about these files: one folder of software, never people's files. In program folders a
 * vendor's own folder must be named. Server and agent both ask this.
 */
export function isOpenPlace(glob: string): boolean {
  const parts = foldName(glob).split('\\');
  const folder = `${parts.slice(0, -1).join('\\')}\\`;
  if (glob.length > 260 || glob.includes('/') || parts.some(part => /^$|^\.+$|:|~\d|[. ]$/.test(part)))
    return false;
  if (hasWildcard(folder) || /^[*?.]*$/.test(parts.at(-1)!)) return false;
  if (!open.some(place => folder.startsWith(place)) || closed.some(place => folder.startsWith(place)))
    return false;
  return parts[0] === '%SYSTEMROOT%' || parts.length >= 3;
}

/** The question that would settle an unknown condition, when it may be asked. */
export function probeOf(condition: LeafCondition): Probe | undefined {
  if (condition.kind === 'file')
    return isOpenPlace(condition.path)
      ? { kind: 'files', glob: condition.path, ...(condition.sha256 && { hash: true }) }
      : undefined;
  if (condition.fact.startsWith('registry.'))
    return findOpenValue(condition.fact) && { kind: 'registry', fact: condition.fact };
  const update = /^update\.([A-Za-z0-9_.-]{1,100}?)(\.installedAt)?$/.exec(condition.fact)?.[1];
  if (update !== undefined && update !== 'waiting') return { kind: 'update', update };
  const driver = /^driver\.([A-Za-z0-9_.-]{1,64})\.version$/.exec(condition.fact)?.[1];
  return driver === undefined ? undefined : { kind: 'driver-version', driver };
}

/** The questions, each once, at most as many as one answer may carry. */
export function distinctProbes(probes: readonly Probe[]): readonly Probe[] {
  if (probes.length < 2) return probes;
  const byText = new Map<string, Probe>();
  for (const probe of probes) byText.set(keyOfProbe(probe), probe);
  return [...byText.values()].slice(0, maxProbes);
}

/** Equal for probes that ask the same. */
export const keyOfProbe = (probe: Probe) => foldName(`${probe.kind} ${subjectOf(probe)}`);

function subjectOf(probe: Probe): string {
  switch (probe.kind) {
    case 'files':
      return `${probe.hash ?? false} ${probe.glob}`;
    case 'driver-version':
      return probe.driver;
    case 'registry':
      return probe.fact;
    case 'update':
      return probe.update;
    default:
      return probe satisfies never;
  }
}

/** What a question is about, as a person reads it. */
export function sayProbe(probe: Probe): string {
  switch (probe.kind) {
    case 'files':
      return probe.hash ? `${probe.glob} and their hashes` : probe.glob;
    case 'driver-version':
      return `version of driver ${probe.driver}`;
    case 'registry':
      return sayFact(probe.fact);
    case 'update':
      return sayFact(`update.${probe.update}`);
    default:
      return probe satisfies never;
  }
}
