import type { MemoryDisk } from '../../../agent/host/memory-disk.ts';
import { parsePath } from '../../../agent/host/windows-path.ts';
import type { LabVolume } from '../../../agent/lab/tools/lab-tool.ts';

/** A disk in memory as the stand-ins of tools see it. What a tool writes is on the disk when it ends. */
export const memoryVolume = (disk: MemoryDisk): LabVolume => {
  const at = (name: string) => parsePath(`C:\\${name}`);
  return {
    read: name =>
      disk.find(at(name))?.kind === 'file'
        ? disk.read(at(name), 0, Number.MAX_SAFE_INTEGER).slice()
        : undefined,
    write: (name, bytes, writtenAt) => {
      disk.makeDirectory(at(name.slice(0, name.lastIndexOf('\\'))));
      // What stands here must not be taken away again by an older removal that still waits.
      disk.flush();
      disk.place(at(name).components, { bytes, writtenAtMs: writtenAt.getTime() });
    },
    list: name => (disk.list(at(name)) ?? []).map(entry => entry.name),
    remove: name => {
      if (disk.find(at(name))) disk.remove(at(name));
    },
  };
};
