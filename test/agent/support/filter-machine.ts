import { buildDriverFile } from '../../../agent/lab/evidence/driver-file.ts';
import { buildDirtyHive } from '../../../agent/lab/registry/log-builder.ts';
import { buildSoftwareHive, buildSystemHive } from '../../../agent/lab/registry/windows-hives.ts';
import type { LabVolume } from '../../../agent/lab/tools/lab-tool.ts';
import { memorySource } from '../../../shared/bytes/byte-source.ts';
import { readFileVersion } from '../../../shared/portable-executable/portable-executable.ts';
import { readControlSets } from '../../../shared/registry/control-sets.ts';
import { readFilters } from '../../../shared/registry/filters.ts';
import { recoverHive } from '../../../shared/registry/recover-hive.ts';
import { readServices } from '../../../shared/registry/services.ts';

const below = (name: string) => `Windows\\System32\\${name}`;
const hiveBelow = below('config\\SYSTEM');
export const systemHive = `C:\\${hiveBelow}`;
export const softwareHive = `C:\\${below('config\\SOFTWARE')}`;

/**
 * Puts the disk filter cntflt on a machine, listed above disks, its hive not written out: 4.2, which crashes, and
 * started by the boot loader unless told.
 */
export function installFilter(
  volume: Pick<LabVolume, 'write'>,
  {
    start = 0,
    version = '4.2.3.0',
    isListed = true,
  }: { readonly start?: number; readonly version?: string; readonly isListed?: boolean } = {},
): void {
  const drivers = [{ name: 'cntflt', start, group: 'Filter' }];
  const { hive, log1, log2 } = buildDirtyHive([
    buildSystemHive({ computerName: 'LAPTOP-4711', drivers, diskFilters: ['oldflt'] }),
    buildSystemHive({ computerName: 'LAPTOP-4711', drivers, diskFilters: isListed ? ['cntflt'] : [] }),
  ]);
  const put = (name: string, bytes: Uint8Array) =>
    volume.write(name, bytes, new Date('2024-07-19T03:58:10Z'));
  put(below('config\\SOFTWARE'), buildSoftwareHive({ build: 22631, revision: 3880, machineGuid: '0' }));
  put(hiveBelow, hive);
  put(`${hiveBelow}.LOG1`, log1);
  put(`${hiveBelow}.LOG2`, log2);
  const linkedAt = new Date('2024-06-01T00:00:00Z');
  put(below('drivers\\cntflt.sys'), new Uint8Array(buildDriverFile({ version, linkedAt })));
}

/** How this machine would start, by what its disk holds and not by our scripts. */
export function judgeStart(
  volume: Pick<LabVolume, 'read'>,
): 'starts' | 'crashes' | 'inaccessible-boot-device' | 'no-registry' {
  const source = (name: string) => {
    const bytes = volume.read(name);
    return bytes && memorySource(bytes);
  };
  const file = source(hiveBelow);
  const [log1, log2] = [source(`${hiveBelow}.LOG1`), source(`${hiveBelow}.LOG2`)];
  const read = file && recoverHive(file, { ...(log1 && { LOG1: log1 }), ...(log2 && { LOG2: log2 }) });
  if (!read?.ok || (read.state !== 'clean' && read.state !== 'recovered')) return 'no-registry';
  const set = readControlSets(read.hive).path;
  if (set === null) return 'no-registry';
  const start = readServices(read.hive, set).services.find(one => one.name === 'cntflt')?.start;
  const isListed = readFilters(read.hive, set).filters.some(one =>
    [...one.upper, ...one.lower].includes('cntflt'),
  );
  const driver = source(below('drivers\\cntflt.sys'));
  const isBad = driver !== undefined && (readFileVersion(driver) ?? '').startsWith('4.2.');
  if (start === 'boot' && isBad) return 'crashes';
  return isListed && start === 'disabled' ? 'inaccessible-boot-device' : 'starts';
}
