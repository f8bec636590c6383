import type { VolumeView } from '../../shared/facts/volume-view.ts';
import type { ByteSource } from '../../shared/bytes/byte-source.ts';
import { type Host, HostError, type HostVolume } from '../host/host.ts';
import { type BitLockerState, readBitLocker } from './bitlocker.ts';
import { hostSource } from './collect/host-source.ts';
import { listQuarantined } from './quarantined-files.ts';
import { isSamePath, joinPath } from './windows-path.ts';

/** The Windows that fails to start, on a volume that can be read. */
export interface FoundWindows extends VolumeView {
  readonly bitLocker: BitLockerState;
  /** Where copies of its hives lie while it runs and holds the hives themselves; absent for `System32\\config`. */
  readonly hivesIn?: string;
}

/** Why no Windows, or no certain one, was found. */
export interface WindowsNotFound {
  readonly code: 'volume-locked' | 'windows-not-found' | 'windows-ambiguous' | 'boot-entry-names-no-windows';
  readonly message: string;
}

export type FindWindowsResult =
  | { readonly ok: true; readonly windows: FoundWindows }
  | { readonly ok: false; readonly problem: WindowsNotFound };

/**
 * Finds the Windows that the failing boot entry names. Letters mean nothing, so without a readable entry exactly one
 * Windows must be there, and no locked volume that could hold another.
 */
export function findWindows(host: Host): FindWindowsResult {
  const volumes = host.machine.listVolumes();
  const named = host.machine.readBootEntryVolume();
  if (named !== undefined) {
    const volume = volumes.find(one => isSamePath(one.root, named));
    if (volume?.bitLocker === 'locked') return locked(volume);
    if (volume && hasWindows(host, volume)) return found(host, volume);
    return notFound('boot-entry-names-no-windows', `The boot entry names ${named}, where no Windows is.`);
  }
  const locks = volumes.filter(one => one.bitLocker === 'locked');
  const candidates = volumes.filter(one => one.bitLocker !== 'locked' && hasWindows(host, one));
  const [first, second] = candidates;
  if (!first)
    return locks[0] ? locked(locks[0]) : notFound('windows-not-found', 'No volume holds a Windows.');
  if (second || locks.length > 0) {
    const roots = [...candidates, ...locks].map(one => one.root).join(', ');
    return notFound('windows-ambiguous', `The boot entry cannot be read and the Windows may be on ${roots}.`);
  }
  return found(host, first);
}

/** The same Windows, with what the tool of BitLocker says of its volume; the host's own word where it says nothing. */
export async function withBitLocker(host: Host, windows: FoundWindows): Promise<FoundWindows> {
  const told = await readBitLocker(host, windows.root);
  return told === 'unknown' ? windows : { ...windows, bitLocker: told };
}

/** A volume whose file system Windows does not know holds none that it could start. */
function hasWindows(host: Host, { root }: HostVolume): boolean {
  const isFile = (path: string) => host.files.find(joinPath(root, path))?.kind === 'file';
  try {
    return (
      isFile('Windows\\System32\\config\\SYSTEM') &&
      (isFile('Windows\\System32\\winload.efi') || isFile('Windows\\System32\\winload.exe'))
    );
  } catch (error) {
    if (error instanceof HostError && error.failure.code === 'volume-missing') return false;
    throw error;
  }
}

function found(host: Host, { root, bitLocker }: HostVolume): FindWindowsResult {
  const windows: FoundWindows = {
    root,
    windowsDirectory: joinPath(root, 'Windows'),
    bitLocker,
    find: path => host.files.find(path),
    list: path => host.files.list(path),
    open: path => openFile(host, path),
    hash: path => hashFile(host, path),
    freeBytes: () => host.files.freeBytes(root),
    quarantined: path => listQuarantined(host, windows, path),
  };
  return { ok: true, windows };
}

/** The hash of a file; undefined when it cannot be read whole. */
export function hashFile(host: Pick<Host, 'files'>, path: string): string | undefined {
  try {
    return host.files.hash(path);
  } catch (error) {
    if (error instanceof HostError) return undefined;
    throw error;
  }
}

function openFile(host: Host, path: string): ByteSource | undefined {
  const entry = host.files.find(path);
  return entry?.kind === 'file' ? hostSource(host.files, path, entry.sizeBytes) : undefined;
}

const locked = ({ root }: HostVolume) =>
  notFound('volume-locked', `The Windows volume ${root} is locked by BitLocker.`);

const notFound = (code: WindowsNotFound['code'], message: string): FindWindowsResult => ({
  ok: false,
  problem: { code, message },
});
