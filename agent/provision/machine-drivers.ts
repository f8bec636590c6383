import { joinPath } from '../core/windows-path.ts';
import type { Host } from '../host/host.ts';
import { removeTree, sizeOfTree } from './file-work.ts';
import type { ProvisionRecord } from './provision-record.ts';
import { type Done, runTool } from './windows-tools.ts';

/** A driver package of this machine that the recovery environment may need to reach its disk or its server. */
export interface MachineDriver {
  /** As `oem12.inf`. */
  readonly name: string;
  readonly className: string;
  readonly provider: string;
  readonly version: string;
  readonly folder: string;
  readonly sizeBytes: number;
}

/** What goes into the image, and by name what does not: too large, not exported, or not wanted. */
export interface ExportedDrivers {
  readonly drivers: readonly MachineDriver[];
  readonly leftOut: readonly string[];
}

/** Device classes without which WinRE sees no disk, or no network; names of classes are not translated. */
const neededClasses = ['scsiadapter', 'hdc', 'net'];
/** A graphics-sized network package is no reason to blow the recovery partition. */
export const mostDriverBytes = 100 * 1024 * 1024;

/**
 * Exports the third-party storage, network and Wi-Fi drivers of this Windows, storage first, as long as they fit.
 * DISM lists them in English on every Windows.
 */
export async function exportMachineDrivers(
  host: Host,
  scratch: string,
  leaveOut: readonly string[],
): Promise<Done<ExportedDrivers>> {
  const listed = await listMachineDrivers(host);
  if (!listed.ok) return listed;
  const drivers: MachineDriver[] = [];
  const leftOut: string[] = [];
  let sizeBytes = 0;
  for (const found of listed.value) {
    if (leaveOut.includes(found.name)) {
      leftOut.push(found.name);
      continue;
    }
    const folder = joinPath(scratch, found.name.replace(/\.inf$/i, ''));
    host.files.makeDirectory(folder);
    const exported = await runTool(host, 'pnputil', '/export-driver', found.name, folder);
    const packageBytes = exported.ok ? sizeOfTree(host, folder) : 0;
    if (!exported.ok || sizeBytes + packageBytes > mostDriverBytes) {
      leftOut.push(found.name);
      removeTree(host, folder);
      continue;
    }
    sizeBytes += packageBytes;
    drivers.push({ ...found, folder, sizeBytes: packageBytes });
  }
  return { ok: true, value: { drivers, leftOut } };
}

/** The third-party storage, network and Wi-Fi packages of this Windows. */
export async function listMachineDrivers(host: Host): Promise<Done<readonly ListedDriver[]>> {
  const listed = await runTool(host, 'dism', '/English', '/Online', '/Get-Drivers');
  return listed.ok ? { ok: true, value: parseDriverList(listed.value) } : listed;
}

/** Those that came to this Windows since its image got its drivers; what did not fit then is not new. */
export const newDrivers = (
  listed: readonly ListedDriver[],
  { drivers, driversLeftOut }: Pick<ProvisionRecord, 'drivers' | 'driversLeftOut'>,
): readonly ListedDriver[] => {
  const known = new Set([...drivers.map(({ name }) => name), ...driversLeftOut]);
  return listed.filter(({ name }) => !known.has(name));
};

/** Adds exported packages to an opened image. */
export async function addDrivers(
  host: Host,
  mount: string,
  drivers: readonly MachineDriver[],
): Promise<Done> {
  for (const { folder } of drivers) {
    const added = await runTool(
      host,
      'dism',
      `/Image:${mount}`,
      '/Add-Driver',
      `/Driver:${folder}`,
      '/Recurse',
    );
    if (!added.ok) return added;
  }
  return { ok: true, value: undefined };
}

export type ListedDriver = Omit<MachineDriver, 'folder' | 'sizeBytes'>;

/** The packages in the blocks of `dism /English /Online /Get-Drivers` that WinRE may need, storage before network. */
export function parseDriverList(output: string): readonly ListedDriver[] {
  const drivers = output.split(/\r?\n\s*\r?\n/).flatMap((block): ListedDriver[] => {
    const field = (name: string) => new RegExp(`^${name} : (.*)$`, 'm').exec(block)?.[1]?.trim();
    const [name, className] = [field('Published Name'), field('Class Name')];
    if (name === undefined || className === undefined || !/^oem\d{1,5}\.inf$/i.test(name)) return [];
    if (!neededClasses.includes(className.toLowerCase())) return [];
    return [{ name, className, provider: field('Provider Name') ?? '', version: field('Version') ?? '' }];
  });
  const rank = ({ className }: ListedDriver) => neededClasses.indexOf(className.toLowerCase());
  return drivers.toSorted((a, b) => rank(a) - rank(b));
}
