import { readPortableExecutable } from '../../shared/portable-executable/portable-executable.ts';
import { type Host, HostError } from '../host/host.ts';
import { hostSource } from './collect/host-source.ts';
import type { FoundWindows } from './found-windows.ts';
import type { PlannedRun } from './run-tool.ts';
import { joinPath } from './windows-path.ts';

const ownDism = 'X:\\Windows\\System32\\dism.exe';

export interface Obstacle {
  readonly code: 'tool-too-old' | 'tool-version-unknown';
  readonly message: string;
  readonly line: number;
}

/** What forbids to begin with the tools of a plan; looked at before anything is changed. */
export function findToolObstacle(
  host: Host,
  windows: FoundWindows,
  runs: readonly PlannedRun[],
): Obstacle | undefined {
  const servicing = runs.find(one => one.run.tool === 'dism');
  // Without a DISM of its own the environment cannot start one, and then nothing is changed either.
  if (!servicing || !mayBeThere(host, ownDism)) return undefined;
  const { line } = servicing;
  const [own, found] = [
    buildOf(host, ownDism),
    buildOf(host, joinPath(windows.windowsDirectory, 'System32', 'ntoskrnl.exe')),
  ];
  if (own === undefined || found === undefined) {
    const whose = own === undefined ? 'DISM of this recovery environment' : 'this Windows';
    return { code: 'tool-version-unknown', message: `The build of ${whose} cannot be read.`, line };
  }
  if (own >= found) return undefined;
  const message = `DISM of this recovery environment is of build ${own} and cannot service Windows of build ${found}.`;
  return { code: 'tool-too-old', message, line };
}

/** False only where it surely is not: its volume or the file is missing. */
function mayBeThere(host: Host, path: string): boolean {
  try {
    return host.files.find(path) !== undefined;
  } catch (error) {
    return !(error instanceof HostError && error.failure.code === 'volume-missing');
  }
}

/** The build in the version of a program file; undefined when it cannot be read. */
function buildOf(host: Host, path: string): number | undefined {
  try {
    const entry = host.files.find(path);
    if (entry?.kind !== 'file') return undefined;
    const read = readPortableExecutable(hostSource(host.files, path, entry.sizeBytes));
    const build = read.ok ? Number(read.image.fileVersion?.split('.')[2]) : Number.NaN;
    return Number.isInteger(build) ? build : undefined;
  } catch {
    return undefined;
  }
}
