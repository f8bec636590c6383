import { memorySource, type ByteSource } from '../bytes/byte-source.ts';
import { pagedSource } from '../bytes/paged-source.ts';
import type { VolumeView } from '../facts/volume-view.ts';
import { readControlSets } from '../registry/control-sets.ts';
import type { Hive } from '../registry/hive.ts';
import { type HiveLogs, type RecoveredHive, recoverHive } from '../registry/recover-hive.ts';

/** Hives that scripts look at and change. */
export const hiveNames = ['SYSTEM', 'SOFTWARE'] as const;
export type HiveName = (typeof hiveNames)[number];

/** A hive of the found Windows with what waits in its logs, or why it cannot be told what it says. */
export type OpenedHive =
  | { readonly ok: true; readonly recovered: RecoveredHive; readonly path: string }
  | { readonly ok: false; readonly reason: string };

/** The file of a hive on the volume. */
export const pathOfHive = ({ windowsDirectory }: Pick<VolumeView, 'windowsDirectory'>, name: HiveName) =>
  `${windowsDirectory}\\System32\\config\\${name}`;

const logNames = ['LOG1', 'LOG2', 'LOG'] as const;

/** Opens a hive with its logs, as Windows will see it at its next start. `hivePath` may lie outside its folder. */
export function openHiveFile(volume: VolumeView, name: HiveName, hivePath?: string): OpenedHive {
  const path = pathOfHive(volume, name);
  const file = volume.open(hivePath ?? path);
  if (!file) return { ok: false, reason: `The hive ${name} cannot be read.` };
  const logs: Partial<Record<(typeof logNames)[number], ByteSource>> = {};
  for (const log of logNames) {
    const isThere = volume.find(`${path}.${log}`) !== undefined;
    const source = volume.open(`${path}.${log}`) ?? (isThere ? undefined : memorySource(new Uint8Array(0)));
    if (source) logs[log] = pagedSource(source);
  }
  const recovered = recoverHive(pagedSource(file), logs satisfies HiveLogs);
  if (!recovered.ok)
    return { ok: false, reason: `The hive ${name} is damaged: ${recovered.problem.message}.` };
  if (recovered.state === 'incomplete' || recovered.state === 'unrecovered')
    return { ok: false, reason: `Changes of the hive ${name} wait in logs that cannot be replayed.` };
  return { ok: true, recovered, path };
}

/** The registry of the found Windows, opened at the first look and kept for the rest of one plan or one proof. */
export class OfflineRegistry {
  readonly #volume: VolumeView;
  readonly #opened = new Map<HiveName, OpenedHive>();

  constructor(volume: VolumeView) {
    this.#volume = volume;
  }

  open(name: HiveName): OpenedHive {
    const opened = this.#opened.get(name) ?? openHiveFile(this.#volume, name);
    this.#opened.set(name, opened);
    return opened;
  }
}

/** The control sets that the next start can use: what `CurrentControlSet` will mean, and what it meant last. */
export type StartSets =
  | { readonly ok: true; readonly hive: Hive; readonly sets: readonly string[] }
  | { readonly ok: false; readonly reason: string };

/** Finds the control sets of the next and the last start, the next one first. */
export function findStartSets(registry: OfflineRegistry): StartSets {
  const opened = registry.open('SYSTEM');
  if (!opened.ok) return opened;
  const { hive } = opened.recovered;
  const { current, default: next, present } = readControlSets(hive);
  const named = [next, current].map(number =>
    present.find(name => Number(name.slice(-3)) === number && number !== null),
  );
  const sets = [...new Set(named.filter(name => name !== undefined))];
  return sets.length > 0 && hive.problems.length === 0
    ? { ok: true, hive, sets }
    : { ok: false, reason: 'Which control set Windows starts with cannot be told.' };
}
