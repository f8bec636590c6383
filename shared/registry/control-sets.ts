import type { Hive } from './hive.ts';
import { type MissingSetting, RegistryReader } from './registry-reader.ts';

/** Which control sets of a SYSTEM hive Windows uses. `CurrentControlSet` itself exists only in a running Windows. */
export interface ControlSets {
  /** Number of the set that the last start used. */
  readonly current: number | null;
  /** Number of the set that the next start will use. */
  readonly default: number | null;
  /** Number of a set that was given up; 0 when none was. */
  readonly failed: number | null;
  readonly lastKnownGood: number | null;
  /** Sets that are there: `ControlSet001`, ... */
  readonly present: readonly string[];
  /** Key of the set that the last start used, or of the one that stands in for it. */
  readonly path: string | null;
  readonly missing: readonly MissingSetting[];
}

/** Reads `Select` of a SYSTEM hive and finds the control set that the last start used. */
export function readControlSets(hive: Hive): ControlSets {
  const reader = new RegistryReader(hive);
  const [current, next, failed, lastKnownGood] = ['Current', 'Default', 'Failed', 'LastKnownGood'].map(name =>
    reader.getNumber('Select', name),
  ) as [number | null, number | null, number | null, number | null];
  const root = hive.root;
  const present = root
    ? hive.subkeys(root).flatMap(({ name }) => (/^ControlSet\d{3}$/i.test(name) ? [name] : []))
    : [];
  const named = [current, next, lastKnownGood].flatMap(number =>
    number === null ? [] : [`controlset${String(number).padStart(3, '0')}`],
  );
  const path = named
    .map(name => present.find(one => one.toLowerCase() === name))
    .find(one => one !== undefined);
  const numbers = { current, default: next, failed, lastKnownGood };
  return { ...numbers, present, path: path ?? present[0] ?? null, missing: reader.missing };
}
