import { imagePlaces } from './agent-settings.ts';
import { type LaunchedApp, recoveryMenu } from './launch-file.ts';

/** The app by which an image starts the agent. */
export const agentApp: LaunchedApp = { path: `X:\\${imagePlaces.agent}`, arguments: 'recover' };

/** Locks again what a run opened that did not come to its own end; it finds nothing to do otherwise. */
const relockApp: LaunchedApp = { path: agentApp.path, arguments: 'relock' };

export const isAgentApp = ({ path }: LaunchedApp): boolean =>
  path.toLowerCase() === agentApp.path.toLowerCase();

/**
 * What an image starts once the agent is in it: the agent, its cleaning up, then what it started before. The recovery menu comes last
 * where the image has one and started nothing else, so that no run ever ends at a prompt.
 */
export function startAgentFirst(
  before: readonly LaunchedApp[],
  hasMenu: boolean,
): readonly [LaunchedApp, ...LaunchedApp[]] {
  const others = before.filter(app => !isAgentApp(app));
  return [agentApp, relockApp, ...(others.length > 0 || !hasMenu ? others : [recoveryMenu])];
}
