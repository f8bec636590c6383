import type { ToolChange } from '../../shared/remediation/plan.ts';
import { judgeExit, type ToolAnswer } from '../../shared/remediation/tools/tool-answer.ts';
import { scratchFolderOn, type ToolRun } from '../../shared/remediation/tools/tool-run.ts';
import type { Host } from '../host/host.ts';
import { isBootOptionTrue } from './boot-options.ts';
import type { FoundWindows } from './found-windows.ts';

/** One run of a tool, at its line of the script. */
export interface PlannedRun extends Pick<ToolChange, 'class' | 'run' | 'what' | 'proof'> {
  readonly line: number;
}

/**
 * Runs a tool to its end and says what that means. Whoever calls has journaled it. A boot option is looked at before,
 * since BCDEdit refuses to delete what a run that was cut off has deleted already, and after, whatever BCDEdit says.
 */
export async function runTool(
  host: Host,
  windows: FoundWindows,
  { run }: PlannedRun,
  onPercent: (percent: number) => void,
): Promise<ToolAnswer> {
  const { bootOption } = run;
  if (!bootOption) return runOnce(host, windows, run, onPercent);
  if ((await isBootOptionTrue(host, windows, bootOption)) === true)
    return { kind: 'done', code: 'boot-option-true', reason: 'the boot store says so already' };
  const answer = await runOnce(host, windows, run, onPercent);
  const isTrue = await isBootOptionTrue(host, windows, bootOption);
  if (isTrue === true) return { kind: 'done', code: 'boot-option-true', reason: 'the boot store says so' };
  if (answer.kind !== 'done') return answer;
  return isTrue === false
    ? {
        kind: 'not-done',
        code: 'boot-option-not-true',
        reason: 'bcdedit says that it succeeded, the boot store does not',
      }
    : { kind: 'unclear', code: 'boot-option-unknown', reason: 'the boot store could not be read' };
}

async function runOnce(
  host: Host,
  windows: FoundWindows,
  run: ToolRun,
  onPercent: (percent: number) => void,
): Promise<ToolAnswer> {
  if (run.tool === 'dism') host.files.makeDirectory(scratchFolderOn(windows.root));
  let shown = -1;
  const result = await host.tools.run({
    tool: run.tool,
    arguments: run.arguments,
    timeoutMs: run.timeoutMinutes * 60_000,
    onLine: line => {
      const percent = percentOf(line);
      if (percent === undefined || percent === shown) return;
      shown = percent;
      onPercent(percent);
    },
  });
  switch (result.kind) {
    case 'ended':
      return judgeExit(run.tool, result.exitCode);
    case 'timed-out':
      return {
        kind: 'unclear',
        code: 'tool-timed-out',
        reason: `${run.tool} was ended after ${run.timeoutMinutes} minutes`,
      };
    case 'failed':
      return {
        kind: result.failure.kind === 'ambiguous' ? 'unclear' : 'not-done',
        code: result.failure.code,
        reason: result.failure.message,
      };
    default:
      return result satisfies never;
  }
}

/** The whole per cent of a line of progress: DISM writes `[====  36.0%  ]`, SFC and CHKDSK `36% complete`. */
function percentOf(line: string): number | undefined {
  const digits = /(?:^|[^\d.])(\d{1,3})(?:[.,]\d+)? ?%/.exec(line)?.[1];
  const percent = digits === undefined ? undefined : Number(digits);
  return percent !== undefined && percent <= 100 ? percent : undefined;
}
