import type { VolumeView } from '../facts/volume-view.ts';
import { packagesPath } from '../registry/packages.ts';
import { encodeDword, valueTypes } from '../registry/value-type.ts';
import type { ToolChange } from './plan.ts';

/** One run of a tool on the found Windows as a change of a plan; `what` says in words what it is run for. */
export const changeByTool = (
  { windowsDirectory }: VolumeView,
  change: Pick<ToolChange, 'class' | 'proof' | 'run' | 'what' | 'leaves'>,
): ToolChange => ({ kind: 'run-tool', path: windowsDirectory, ...change });

/** A package as DISM leaves it when it removed it. */
export const leavesAbsent = (identity: string): NonNullable<ToolChange['leaves']> => ({
  hive: 'SOFTWARE',
  edit: {
    kind: 'set-value',
    key: `${packagesPath}\\${identity}`,
    name: 'CurrentState',
    type: valueTypes.dword,
    data: encodeDword(0),
  },
});
