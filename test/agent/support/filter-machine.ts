import { buildDriverFile } from '../../../agent/lab/evidence/driver-file.ts';
import { buildDirtyHive } from '../../../agent/lab/registry/log-builder.ts';
import { buildSoftwareHive, buildSystemHive } from '../../../agent/lab/registry/windows-hives.ts';
import type { MemoryDisk } from '../../../agent/host/memory-disk.ts';
import { parsePath } from '../../../agent/host/windows-path.ts';
import { memorySource } from '../../../shared/bytes/byte-source.ts';
import { readFileVersion } from '../../../shared/portable-executable/portable-executable.ts';
import { readControlSets } from '../../../shared/registry/control-sets.ts';
import { readFilters } from '../../../shared/registry/filters.ts';
import { recoverHive } from '../../../shared/registry/recover-hive.ts';
import { readServices } from '../../../shared/registry/services.ts';

const system32 = 'C:\\Windows\\System32';
export const systemHive = `${system32}\\config\\SYSTEM`;

export const softwareHive = `${system32}\\config\\SOFTWARE`;

/** Puts the disk filter cntflt 4.2 on a machine: started by the boot loader, listed above disks, its hive not written out. */
export function installFilter(disk: MemoryDisk): void {
  const drivers = [{ name: 'cntflt', start: 0, group: 'Filter' }];
  const { hive, log1, log2 } = buildDirtyHive([
    buildSystemHive({ computerName: 'LAPTOP-4711', drivers, diskFilters: ['oldflt'] }),
    buildSystemHive({ computerName: 'LAPTOP-4711', drivers, diskFilters: ['cntflt'] }),
  ]);
  const put = (path: string, bytes: Uint8Array) =>
    disk.place(parsePath(path).components, { bytes, writtenAtMs: Date.parse('2024-07-19T03:58:10Z') });
  put(softwareHive, buildSoftwareHive({ build: 22631, revision: 3880, machineGuid: '0' }));
  put(systemHive, hive);
  put(`${systemHive}.LOG1`, log1);
  put(`${systemHive}.LOG2`, log2);
  const linkedAt = new Date('2024-06-01T00:00:00Z');
  put(`${system32}\\drivers\\cntflt.sys`, new Uint8Array(buildDriverFile({ version: '4.2.3.0', linkedAt })));
}

/** How this machine would start, by what its disk holds and not by our scripts. */
export function judgeStart(
  disk: MemoryDisk,
): 'starts' | 'crashes' | 'inaccessible-boot-device' | 'no-registry' {
  const source = (path: string) =>
    disk.find(parsePath(path))
      ? memorySource(disk.read(parsePath(path), 0, Number.MAX_SAFE_INTEGER))
      : undefined;
  const file = source(systemHive);
  const [log1, log2] = [source(`${systemHive}.LOG1`), source(`${systemHive}.LOG2`)];
  const read = file && recoverHive(file, { ...(log1 && { LOG1: log1 }), ...(log2 && { LOG2: log2 }) });
  if (!read?.ok || (read.state !== 'clean' && read.state !== 'recovered')) return 'no-registry';
  const set = readControlSets(read.hive).path;
  if (set === null) return 'no-registry';
  const start = readServices(read.hive, set).services.find(one => one.name === 'cntflt')?.start;
  const isListed = readFilters(read.hive, set).filters.some(one =>
    [...one.upper, ...one.lower].includes('cntflt'),
  );
  const driver = source(`${system32}\\drivers\\cntflt.sys`);
  const isBad = driver !== undefined && (readFileVersion(driver) ?? '').startsWith('4.2.');
  if (start === 'boot' && isBad) return 'crashes';
  return isListed && start === 'disabled' ? 'inaccessible-boot-device' : 'starts';
}
