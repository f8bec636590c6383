import type { ToolChange } from '../../shared/remediation/plan.ts';
import { judgeExit, type ToolAnswer } from '../../shared/remediation/tools/tool-answer.ts';
import { scratchFolderOn, type SystemToolRun } from '../../shared/remediation/tools/tool-run.ts';
import type { Host } from '../host/host.ts';
import { answerOfFailure } from './answer-of-failure.ts';
import type { FoundWindows } from './found-windows.ts';
import { runProgram } from './run-program.ts';
import { repairWithLog, revertPending, setBootOption, writeBootFiles } from './tool-signs.ts';

/** One run of a tool, at its line of the script. */
export interface PlannedRun extends Pick<ToolChange, 'class' | 'run' | 'what' | 'proof'> {
  readonly line: number;
}

/**
 * Runs a tool to its end and says what that means. Whoever calls has journaled it. Where something tells more than the
 * exit code, it is looked at; an exit code alone is told as the word of the tool.
 */
export async function runTool(
  host: Host,
  windows: FoundWindows,
  { run }: PlannedRun,
  onPercent: (percent: number) => void,
): Promise<ToolAnswer> {
  if (run.tool === 'program') return runProgram(host, windows, run);
  const once = (words = run.arguments) => runOnce(host, windows, { ...run, arguments: words }, onPercent);
  const { sign } = run;
  switch (sign?.kind) {
    case undefined:
      return once();
    case 'boot-option':
      return setBootOption(host, windows, sign, once);
    case 'boot-entry':
      return writeBootFiles(host, windows, once);
    case 'repair-log':
      return repairWithLog(host, windows, sign.file, () => once([...run.arguments, sign.argument]), once);
    case 'pending-servicing':
      return revertPending(host, windows, once);
    default:
      return sign satisfies never;
  }
}

async function runOnce(
  host: Host,
  windows: FoundWindows,
  run: SystemToolRun,
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
      return answerOfFailure(result.failure);
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
