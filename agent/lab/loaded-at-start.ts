import { csagentModules } from './evidence/csagent-crash.ts';
import { windowsModules } from './evidence/windows-modules.ts';
import type { LabTree } from './lab-tree.ts';

const sensor = 'Windows\\System32\\drivers\\CrowdStrike\\csagent.sys';

/** Paths as the boot log has them, in the order of loading; the list ends with the driver that stopped the start. */
export function listLoadedAtStart(tree: LabTree, last?: string): readonly string[] {
  const modules = tree.read(sensor) ? csagentModules : windowsModules;
  const paths = modules.map(({ path }) => path);
  if (last === undefined) return paths;
  const at = paths.findIndex(path => path.toLowerCase() === last.toLowerCase());
  return at < 0 ? [...paths, last] : paths.slice(0, at + 1);
}
