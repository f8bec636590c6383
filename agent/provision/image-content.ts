import { hexOf } from '../../shared/bytes/hex.ts';
import { textOfUtf8, utf8Of } from '../../shared/bytes/utf8.ts';
import { readControlSets } from '../../shared/registry/control-sets.ts';
import { applyPatches } from '../../shared/registry/byte-patch.ts';
import type { HiveEdit } from '../../shared/registry/hive-edit.ts';
import { planEdits } from '../../shared/registry/plan-edits.ts';
import { recoverHive } from '../../shared/registry/recover-hive.ts';
import { canonicalJson } from '../../shared/trust/canonical-json.ts';
import { isAgentApp, startAgentFirst } from '../../shared/winre/agent-app.ts';
import { imagePlaces, type ImageSettings } from '../../shared/winre/agent-settings.ts';
import {
  type LaunchedApp,
  readLaunchFile,
  recoveryMenu,
  writeLaunchFile,
} from '../../shared/winre/launch-file.ts';
import { hostSource } from '../core/collect/host-source.ts';
import { joinPath, parentPath } from '../core/windows-path.ts';
import type { Host } from '../host/host.ts';
import { readWholeFile, replaceFile } from './file-work.ts';
import { type Done, failed } from './windows-tools.ts';

/** A file that Bootmend puts into an image, as it must read back. */
export interface PlacedFile {
  readonly place: string;
  readonly sizeBytes: number;
  readonly sha256: string;
}

const maxLaunchFileBytes = 64 * 1024;
const maxAgentBytes = 16 * 1024 * 1024;

/** The settings as they lie in the image: the same bytes for the same settings, whoever made them. */
export const settingsBytesOf = (settings: ImageSettings): Uint8Array =>
  utf8Of(`${canonicalJson(settings)}\n`);

/** Puts the agent, its settings and the launch file into an opened image. */
export function placeAgent(
  host: Host,
  mount: string,
  agent: Uint8Array,
  settings: ImageSettings,
): readonly PlacedFile[] {
  const launchFile = writeLaunchFile(startAgentFirst(readLaunchFileIn(host, mount), true));
  const files: readonly (readonly [string, Uint8Array])[] = [
    [imagePlaces.agent, agent],
    [imagePlaces.settings, settingsBytesOf(settings)],
    [imagePlaces.launchFile, utf8Of(launchFile)],
  ];
  return files.map(([place, bytes]) => {
    const path = joinPath(mount, place);
    host.files.makeDirectory(parentPath(path));
    replaceFile(host, path, bytes);
    return { place, sizeBytes: bytes.length, sha256: hexOf(host.sha256(bytes)) };
  });
}

/** Takes the agent out of an opened image again; what other vendors put there stays. */
export function takeAgentOut(host: Host, mount: string): void {
  const others = readLaunchFileIn(host, mount).filter(app => !isAgentApp(app));
  const [first = recoveryMenu, ...rest] = others;
  replaceFile(host, joinPath(mount, imagePlaces.launchFile), utf8Of(writeLaunchFile([first, ...rest])));
  for (const place of [imagePlaces.agent, imagePlaces.settings, imagePlaces.bundle, imagePlaces.folder]) {
    const path = joinPath(mount, place);
    if (host.files.find(path)) host.files.remove(path);
  }
}

/** The first file that is not in the image as it was put there; undefined when all are. */
export function findDifference(
  host: Host,
  mount: string,
  files: readonly PlacedFile[],
): { readonly code: string; readonly message: string } | undefined {
  for (const { place, sha256 } of files) {
    const bytes = readWholeFile(host, joinPath(mount, place), maxAgentBytes);
    if (!bytes) return { code: 'image-file-missing', message: `${place} is not in the image any more.` };
    if (hexOf(host.sha256(bytes)) !== sha256)
      return { code: 'image-file-changed', message: `${place} is not what was put into the image.` };
  }
  return undefined;
}

function readLaunchFileIn(host: Host, mount: string): readonly LaunchedApp[] {
  const bytes = readWholeFile(host, joinPath(mount, imagePlaces.launchFile), maxLaunchFileBytes);
  return bytes ? readLaunchFile(textOfUtf8(bytes).text) : [];
}

/**
 * Takes `autofstx` out of what the image runs at its start: replaying transactions of any volume it finds is what
 * the attack called YellowKey used to make the launch file vanish, and Microsoft advises the same edit.
 */
export function removeAutofstx(host: Host, mount: string): Done<'removed' | 'absent'> {
  const path = joinPath(mount, 'Windows', 'System32', 'config', 'SYSTEM');
  const entry = host.files.find(path);
  if (entry?.kind !== 'file') return failed('image-hive-missing', 'The image has no SYSTEM hive.');
  const recovered = recoverHive(hostSource(host.files, path, entry.sizeBytes), {});
  if (!recovered.ok) return failed('image-hive-damaged', 'The SYSTEM hive of the image cannot be read.');
  const edits = readControlSets(recovered.hive).present.map((set): HiveEdit => ({
    kind: 'remove-list-entry',
    key: `${set}\\Control\\Session Manager`,
    name: 'BootExecute',
    entry: 'autofstx',
  }));
  const planned = planEdits(recovered, edits);
  if (!planned.ok) return failed('image-hive-not-editable', planned.problem.message);
  if (planned.plan.patches.length === 0) return { ok: true, value: 'absent' };
  const applied = applyPatches(recovered.file, planned.plan.patches);
  if (!applied.ok) return failed('image-hive-not-editable', applied.problem.message);
  replaceFile(host, path, applied.image.read(0, applied.image.sizeBytes));
  return { ok: true, value: 'removed' };
}
