import { hostSource } from '../../../agent/core/collect/host-source.ts';
import type { FoundWindows } from '../../../agent/core/found-windows.ts';
import { MemoryDisk } from '../../../agent/host/memory-disk.ts';
import {
  createMemoryHost,
  type MemoryHost,
  type MemoryHostOptions,
} from '../../../agent/host/memory-host.ts';
import { parsePath } from '../../../agent/host/windows-path.ts';

/** A volume with these files, by path from its root, as `Windows\System32\config\SYSTEM`. */
export function diskOf(files: Readonly<Record<string, Uint8Array>>): MemoryDisk {
  const disk = new MemoryDisk();
  for (const [name, bytes] of Object.entries(files))
    disk.place(parsePath(`C:\\${name}`).components, { bytes, writtenAtMs: 1 });
  return disk;
}

/** A recovery environment that found its Windows on C:. */
export function foundOn(
  disks: Readonly<Record<string, MemoryDisk>>,
  options: Partial<MemoryHostOptions> = {},
): { readonly host: MemoryHost; readonly windows: FoundWindows } {
  const host = createMemoryHost({ disks, startReason: { kind: 'failed-boot' }, ...options });
  const windows: FoundWindows = {
    root: 'C:\\',
    windowsDirectory: 'C:\\Windows',
    bitLocker: 'none',
    find: path => host.files.find(path),
    list: path => host.files.list(path),
    open: path => {
      const entry = host.files.find(path);
      return entry?.kind === 'file' ? hostSource(host.files, path, entry.sizeBytes) : undefined;
    },
  };
  return { host, windows };
}
