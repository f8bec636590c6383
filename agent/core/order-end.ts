import { noticeOf } from '../../shared/remediation/actions/collect.ts';
import { evidenceOf, isNotice, messagesOf } from '../../shared/remediation/notices.ts';
import { clipReason, type Notice, type PlannedStep } from '../../shared/remediation/plan.ts';
import type { CollectAction } from '../../shared/remediation/syntax-tree.ts';
import type { Change, Outcome, StepOutcome } from '../../shared/wire/outcome.ts';
import type { ApplyResult, Done } from './apply-changes.ts';
import type { FoundWindows } from './found-windows.ts';
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
  const told = toldChanges(windows, result);
  const notices = new Set<unknown>(noticesOf(steps, result));
  return steps.map(({ line, changes }): StepOutcome => {
    const made = told.filter(one => one.line === line).map(one => one.change);
    if (changes.length === 0) return { line, state: 'skipped', code: 'no-match', changes: [] };
    const said = changes.filter(isNotice).filter(notice => notices.has(notice));
    if (said.length > 0) return { line, state: 'done', changes: said.map(changeOfNotice) };
    if (changes.every(isNotice)) return { line, state: 'skipped', code: 'not-shown', changes: [] };
    if (result.state === 'applied') return { line, state: 'done', changes: made };
    if (line === failedLine || made.length === 0)
      return { line, state: 'failed', code: result.code, changes: made };
    return { line, state: result.state === 'stuck' ? 'failed' : 'undone', changes: made };
  });
}

/** What a plan told, however it ended: evidence goes along always, and a message for the end only with a good one. */
function noticesOf(steps: readonly PlannedStep[], { state }: ApplyResult): readonly Notice[] {
  const { before, after } = messagesOf(steps);
  return [...evidenceOf(steps), ...before, ...(state === 'applied' ? after : [])];
}

const changeOfNotice = (notice: Notice): Change =>
  notice.kind === 'collect-evidence'
    ? { kind: notice.kind, path: notice.path, evidence: notice.evidence, what: notice.what }
    : { kind: notice.kind, path: notice.path, what: notice.what };

/** Whether anything on the machine is another than before. */
export const changesSomething = (steps: readonly StepOutcome[]): boolean =>
  steps.some(({ changes }) =>
    changes.some(({ kind }) => kind !== 'collect-evidence' && kind !== 'show-message'),
  );

/** What happened, read back from the journal: for telling an outcome after a power cut. */
export function endOfJournal(
  windows: FoundWindows,
  attemptId: string,
  done: Done,
  wanted: readonly CollectAction[],
): OrderEnd {
  // Evidence is no change, so no journal tells of it: the script does.
  const collected = wanted.map(({ line, evidence }): ToldChange => ({
    line,
    change: changeOfNotice(noticeOf(evidence, windows)),
  }));
  const told = [...toldChanges(windows, done).filter(({ line }) => line > 0), ...collected];
  const lines = [...new Set(told.map(({ line }) => line))].toSorted((a, b) => a - b);
  const steps = lines.map((line): StepOutcome => {
    const changes = told.filter(one => one.line === line).map(one => one.change);
    return { line, state: 'done', changes };
  });
  return endOf(attemptId, 'applied', undefined, steps);
}

interface ToldChange {
  readonly line: number;
  readonly change: Change;
}

/** The changes with the lines they come from; one swap of a hive is as many changes as it has edits. */
function toldChanges(windows: FoundWindows, { intents, tools }: Done): readonly ToldChange[] {
  const absolute = (path: string) => joinPath(windows.root, path.slice(1));
  const moved = intents.flatMap((intent): readonly ToldChange[] => {
    const { line, action, from, to, sizeBytes, writtenAtMs, edits, swap } = intent;
    const file = { path: absolute(from), sizeBytes, writtenAt: new Date(writtenAtMs).toISOString() };
    switch (action) {
      case 'edit-hive':
        return [...(edits ?? []), ...(swap ? [swap] : [])].map(edit => ({
          line: edit.line,
          change: { kind: 'edit-registry' as const, ...file, what: edit.what },
        }));
      case 'rename':
        return [{ line, change: { kind: action, ...file, toPath: absolute(to) } }];
      case 'copy':
        return [
          {
            line,
            change: { kind: action, ...file, what: `copy of ${absolute(intent.copy?.source ?? from)}` },
          },
        ];
      case 'delete':
      case 'set-aside':
        return [{ line, change: { kind: 'delete' as const, ...file } }];
      default:
        return action satisfies never;
    }
  });
  const run = tools.map(({ line, tool, what, ended, provenBy }): ToldChange => ({
    line,
    change: {
      kind: 'run-tool',
      path: windows.windowsDirectory,
      tool,
      what,
      ...(ended === undefined ? {} : { ended }),
      ...(provenBy === undefined ? {} : { provenBy }),
    },
  }));
  return [...moved, ...run];
}
