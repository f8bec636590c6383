import { actionsOf, type CollectAction, type Script } from './syntax-tree.ts';
import type { EvidenceNotice, MessageNotice, Notice, PlannedChange, PlannedStep } from './plan.ts';

/** Whether a change of a plan only tells something and changes nothing. */
export const isNotice = (change: PlannedChange): change is Notice =>
  change.kind === 'collect-evidence' || change.kind === 'show-message';

const onlyTells = ({ action }: PlannedStep) => action === 'collect' || action === 'message';

/** Whether steps come to more than words: a change, or in a script that only collects, evidence. */
export function comesToSomething(steps: readonly PlannedStep[]): boolean {
  const changes = steps.flatMap(step => step.changes);
  return steps.every(onlyTells)
    ? changes.some(({ kind }) => kind === 'collect-evidence')
    : changes.some(change => !isNotice(change));
}

/** The messages of a plan: those before its first step that changes something, and the others. */
export function messagesOf(steps: readonly PlannedStep[]): {
  readonly before: readonly MessageNotice[];
  readonly after: readonly MessageNotice[];
} {
  const first = steps.findIndex(step => !onlyTells(step));
  const among = (some: readonly PlannedStep[]) =>
    some.flatMap(({ changes }) => changes.filter(change => change.kind === 'show-message'));
  return first < 0
    ? { before: among(steps), after: [] }
    : { before: among(steps.slice(0, first)), after: among(steps.slice(first)) };
}

/** The lines of a script that collect evidence. */
export const evidenceAskedFor = (script: Script | undefined): readonly CollectAction[] =>
  script ? actionsOf(script).filter(action => action.verb === 'collect') : [];

/** The evidence that a plan asks for. */
export const evidenceOf = (steps: readonly PlannedStep[]): readonly EvidenceNotice[] =>
  steps.flatMap(({ changes }) => changes.filter(change => change.kind === 'collect-evidence'));
