import type { VolumeView } from '../facts/volume-view.ts';
import type { ToolChange } from './plan.ts';

/** One run of a tool on the found Windows as a change of a plan; `what` says in words what it is run for. */
export const changeByTool = (
  { windowsDirectory }: VolumeView,
  change: Pick<ToolChange, 'class' | 'proof' | 'run' | 'what'>,
): ToolChange => ({ kind: 'run-tool', path: windowsDirectory, ...change });
