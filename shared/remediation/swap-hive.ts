import type { ByteSource } from '../bytes/byte-source.ts';
import type { FoundWindows } from '../facts/place.ts';
import type { VolumeView } from '../facts/volume-view.ts';
import { applyPatches } from '../registry/byte-patch.ts';
import type { HiveEdit } from '../registry/hive-edit.ts';
import { baseBlockBytes } from '../registry/layout.ts';
import { planEdits } from '../registry/plan-edits.ts';
import type { RecoveredHive } from '../registry/recover-hive.ts';
import { type HiveName, openHiveFile, pathOfHive } from './offline-registry.ts';
import { clipReason, type HiveChange } from './plan.ts';

/** The backup of a hive that Windows made beside it. */
export const backupOfHive = ({ windowsDirectory }: Pick<FoundWindows, 'windowsDirectory'>, name: HiveName) =>
  `${windowsDirectory}\\System32\\config\\RegBack\\${name}`;

/** The change that puts a whole hive in the place of one; `what` says what it is. */
export function changeOfHive(volume: VolumeView, hive: HiveName, what: string): HiveChange {
  const path = pathOfHive(volume, hive);
  const { sizeBytes = 0, writtenAtMs = 0 } = volume.find(path) ?? {};
  return { kind: 'swap-hive', hive, path, sizeBytes, writtenAtMs, what: clipReason(what) };
}

/** What takes the place of a hive. */
export interface NewHive {
  readonly edits: readonly HiveEdit[];
  /** The file that it is made from, when that is not the hive in its place. */
  readonly fromPath?: string | undefined;
  /** It is written also when no edit changes anything. */
  readonly isSwapped: boolean;
}

export type NewHiveResult =
  | { readonly ok: true; readonly image: ByteSource; readonly recovered: RecoveredHive }
  | { readonly ok: false; readonly reason: string };

/**
 * The hive that takes the place of another: its logs are replayed, the edits are made, and its head says "clean" with
 * a sequence number above all in the logs beside it, so that Windows takes none of their entries.
 */
export function makeNewHive(
  volume: VolumeView,
  name: HiveName,
  { edits, fromPath, isSwapped }: NewHive,
): NewHiveResult {
  const opened = openHiveFile(volume, name, fromPath);
  if (!opened.ok) return opened;
  const { recovered } = opened;
  const planned = planEdits(recovered, edits, isSwapped ? { isRewritten: true } : {});
  if (!planned.ok) return { ok: false, reason: planned.problem.message };
  const applied = applyPatches(recovered.file, planned.plan.patches);
  return applied.ok
    ? { ok: true, image: applied.image, recovered }
    : { ok: false, reason: applied.problem.message };
}

const pieceBytes = 1024 * 1024;

/** Whether the hive in its place holds what another file holds; only the head tells them apart. */
export function isMadeFrom(volume: VolumeView, name: HiveName, fromPath: string): boolean {
  const [is, was] = [volume.open(pathOfHive(volume, name)), volume.open(fromPath)];
  if (!is || is.sizeBytes !== was?.sizeBytes) return false;
  for (let at = baseBlockBytes; at < is.sizeBytes; at += pieceBytes) {
    const [here, there] = [is.read(at, pieceBytes), was.read(at, pieceBytes)];
    if (here.length !== there.length || here.some((byte, index) => byte !== there[index])) return false;
  }
  return true;
}
