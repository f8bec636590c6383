import { readPortableExecutable } from '../../shared/portable-executable/portable-executable.ts';
import type { Host } from '../host/host.ts';
import { hostSource } from './collect/host-source.ts';
import type { FoundWindows } from './found-windows.ts';
import type { PlannedRun } from './run-tool.ts';
import { joinPath } from './windows-path.ts';

const ownDism = 'X:\\Windows\\System32\\dism.exe';

export interface Obstacle {
  readonly code: 'tool-too-old';
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
  const [own, found] = [
    buildOf(host, ownDism),
    buildOf(host, joinPath(windows.windowsDirectory, 'System32', 'ntoskrnl.exe')),
  ];
  if (servicing && own !== undefined && found !== undefined && own < found)
    return {
      code: 'tool-too-old',
      message: `DISM of this recovery environment is of build ${own} and cannot service Windows of build ${found}.`,
      line: servicing.line,
    };
  return undefined;
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
