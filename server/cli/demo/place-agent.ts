import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { installedAgentOn } from '../../../agent/provision/startup-task.ts';
import { builtAgent } from '../../built-agent.ts';

/** Where the agent lies on a lab machine, as its Windows names it. */
export const labAgentPath = installedAgentOn('C:\\');

/** Puts the agent's executable on a lab machine, for its image; a stand-in where none was built here, as the lab runs the same code under Node. */
export function placeAgent(machineDir: string): void {
  const place = path.join(machineDir, 'C', ...labAgentPath.slice('C:\\'.length).split('\\'));
  mkdirSync(path.dirname(place), { recursive: true });
  if (existsSync(builtAgent)) copyFileSync(builtAgent, place);
  else writeFileSync(place, 'MZ agent of the lab');
}
