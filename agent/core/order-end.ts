import { clipReason, type PlannedStep } from '../../shared/remediation/plan.ts';
import type { Change, Outcome, StepOutcome } from '../../shared/wire/outcome.ts';
import type { ApplyResult } from './apply-changes.ts';
import type { FoundWindows } from './found-windows.ts';
import type { Intent } from './journal.ts';
import { joinPath } from './windows-path.ts';

/** How an order ended, as the server is told. */
export type OrderEnd = Pick<Outcome, 'attemptId' | 'state' | 'code' | 'reason' | 'line' | 'steps'>;

/** An end with its reason cut to what a message carries. */
export function endOf(
  attemptId: string,
  state: OrderEnd['state'],
  why: { readonly code: string; readonly message: string; readonly line?: number } | undefined,
  steps: StepOutcome[],
): OrderEnd {
  return {
    attemptId,
    state,
    ...(why ? { code: why.code, reason: clipReason(why.message) } : {}),
    ...(why?.line === undefined || why.line < 1 ? {} : { line: why.line }),
    steps,
  };
}

/** What each line of the script did. */
export function stepsOf(
  windows: FoundWindows,
  steps: readonly PlannedStep[],
  result: ApplyResult,
): StepOutcome[] {
  const failedLine = result.state === 'applied' ? undefined : result.line;
  return steps.map(({ line, changes }): StepOutcome => {
    const made = changesOf(
      windows,
      result.intents.filter(intent => intent.line === line),
    );
    if (changes.length === 0) return { line, state: 'skipped', code: 'no-match', changes: [] };
    if (result.state === 'applied') return { line, state: 'done', changes: made };
    if (line === failedLine || made.length === 0)
      return { line, state: 'failed', code: result.code, changes: made };
    return { line, state: result.state === 'stuck' ? 'failed' : 'undone', changes: made };
  });
}

/** What happened, read back from the journal: for telling an outcome after a power cut. */
export function endOfJournal(windows: FoundWindows, attemptId: string, intents: readonly Intent[]): OrderEnd {
  const lines = [...new Set(intents.map(intent => intent.line).filter(line => line > 0))];
  const steps = lines.map((line): StepOutcome => {
    const changes = changesOf(
      windows,
      intents.filter(intent => intent.line === line),
    );
    return { line, state: 'done', changes };
  });
  return endOf(attemptId, 'applied', undefined, steps);
}

function changesOf(windows: FoundWindows, intents: readonly Intent[]): Change[] {
  const absolute = (path: string) => joinPath(windows.root, path.slice(1));
  return intents.map(({ action, from, to, sizeBytes, writtenAtMs }) => ({
    kind: action === 'rename' ? 'rename' : 'delete',
    path: absolute(from),
    ...(action === 'rename' ? { toPath: absolute(to) } : {}),
    sizeBytes,
    writtenAt: new Date(writtenAtMs).toISOString(),
  }));
}
