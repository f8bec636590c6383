import { hexOf } from '../../shared/bytes/hex.ts';
import { textOfUtf8 } from '../../shared/bytes/utf8.ts';
import {
  readRecoveryAgentConfiguration,
  type RecoveryAgentConfiguration,
} from '../../shared/winre/recovery-agent-configuration.ts';
import { joinPath } from '../core/windows-path.ts';
import type { Host, ImagePlace } from '../host/host.ts';
import { readWholeFile } from './file-work.ts';
import { type Done, done, failed, runTool } from './windows-tools.ts';

/** Where `reagentc /disable` puts the image, and `/enable` takes it from. */
export const stagedImageOn = (root: string): string =>
  joinPath(root, 'Windows', 'System32', 'Recovery', 'Winre.wim');

const configurationOn = (root: string): string =>
  joinPath(root, 'Windows', 'System32', 'Recovery', 'ReAgent.xml');

/** What Windows itself notes about its recovery environment; read instead of `reagentc /info`, which is translated. */
export function readRecoveryEnvironment(host: Host, root: string): RecoveryAgentConfiguration | undefined {
  const bytes = readWholeFile(host, configurationOn(root), 64 * 1024);
  return bytes && readRecoveryAgentConfiguration(textOfUtf8(bytes).text);
}

/** Changes with every update that could have touched the image: the kernel and what Windows notes about WinRE. */
export function fingerprintOf(host: Host, root: string): string {
  const kernel = host.files.find(joinPath(root, 'Windows', 'System32', 'ntoskrnl.exe'));
  const note = readWholeFile(host, configurationOn(root), 64 * 1024);
  const noted = note ? hexOf(host.sha256(note)).slice(0, 16) : 'none';
  return kernel?.kind === 'file' ? `${kernel.sizeBytes}-${kernel.writtenAtMs}-${noted}` : noted;
}

/** Below this much room on its partition Windows cannot update WinRE any more. Source: KB5034441. */
export const leastFreeBytes = 250 * 1024 ** 2;

export const mega = (bytes: number): string => `${Math.round(bytes / 1024 ** 2)} MB`;

/** Where the image lies while WinRE is on, and the room beside it; undefined when that cannot be told. */
export function findImagePlace(host: Host, root: string): ImagePlace | undefined {
  const { isEnabled, imagePath, partitionOffsetBytes } = readRecoveryEnvironment(host, root) ?? {};
  if (isEnabled !== true || imagePath === undefined || !/^\d{1,15}$/.test(partitionOffsetBytes ?? ''))
    return undefined;
  return host.machine.readImagePlace(Number(partitionOffsetBytes), `${imagePath}\\Winre.wim`);
}

/** Turns WinRE off: the image comes back to System32, where it can be copied and edited. */
export async function disableRecovery(host: Host, root: string): Promise<Done> {
  if (readRecoveryEnvironment(host, root)?.isEnabled === true) {
    const disabled = await runTool(host, 'reagentc', '/disable');
    if (!disabled.ok) return disabled;
  }
  return host.files.find(stagedImageOn(root))?.kind === 'file'
    ? done
    : failed(
        'winre-image-missing',
        'Windows has no winre.wim: restore it from the installation media first.',
      );
}

/** Turns WinRE on, which also makes BitLocker trust this very image, and believes it only when Windows notes it. */
export async function enableRecovery(host: Host, root: string): Promise<Done> {
  const enabled = await runTool(host, 'reagentc', '/enable');
  if (!enabled.ok) return enabled;
  return readRecoveryEnvironment(host, root)?.isEnabled === true
    ? done
    : failed('winre-not-enabled', 'reagentc says that WinRE is on, Windows does not note it.');
}

/**
 * Whether `reagentc /info` names a place from which WinRE would start. Its words are in the language of Windows; the place
 * is a name of the kernel, `\\?\GLOBALROOT\device\harddisk0\partition4\Recovery\WindowsRE`, and is left out while WinRE is off.
 */
export async function isToldByWindows(host: Host): Promise<Done> {
  const told = await runTool(host, 'reagentc', '/info');
  if (!told.ok) return told;
  return /\\\\\?\\GLOBALROOT\\device\\harddisk\d+\\partition\d+\\/i.test(told.value)
    ? done
    : failed('winre-not-told', 'reagentc /info names no place from which WinRE would start.');
}

/** How an image is opened: Microsoft's own way, or DISM where this build does not have it. */
export type MountWay = 'reagentc' | 'dism';

/**
 * Opens the image as a folder, lets `work` do something with it, and closes it: with the changes when `work` is happy
 * with them, without otherwise. `reagentc /mountre` needs WinRE on; DISM needs the image in System32.
 */
export async function withMountedImage<Value>(
  host: Host,
  root: string,
  way: MountWay,
  folder: string,
  keep: 'commit' | 'discard',
  work: () => Promise<Done<Value>>,
): Promise<Done<Value>> {
  host.files.makeDirectory(folder);
  const image = [`/ImageFile:${stagedImageOn(root)}`, '/Index:1', `/MountDir:${folder}`];
  const readOnly = keep === 'discard' ? ['/ReadOnly'] : [];
  const mounted = await (way === 'reagentc'
    ? runTool(host, 'reagentc', '/mountre', '/path', folder)
    : runTool(host, 'dism', '/Mount-Image', ...image, ...readOnly));
  if (!mounted.ok) return mounted;
  let worked: Done<Value>;
  try {
    worked = await work();
  } catch (error) {
    await unmount(host, way, folder, 'discard');
    throw error;
  }
  const unmounted = await unmount(host, way, folder, worked.ok ? keep : 'discard');
  if (worked.ok && !unmounted.ok) {
    await unmount(host, way, folder, 'discard');
    return unmounted;
  }
  return worked;
}

/** Closes an image that an interrupted run left open. */
export async function closeLeftImage(host: Host, folder: string): Promise<void> {
  if ((host.files.list(folder) ?? []).length === 0) return;
  await unmount(host, 'reagentc', folder, 'discard');
  await unmount(host, 'dism', folder, 'discard');
}

const unmount = (host: Host, way: MountWay, folder: string, keep: 'commit' | 'discard') =>
  way === 'reagentc'
    ? runTool(host, 'reagentc', '/unmountre', '/path', folder, `/${keep}`)
    : runTool(
        host,
        'dism',
        '/Unmount-Image',
        `/MountDir:${folder}`,
        keep === 'commit' ? '/Commit' : '/Discard',
      );
