import type { Facts } from '../facts/facts.ts';
import { foldName } from '../facts/glob.ts';
import type { VolumeView } from '../facts/volume-view.ts';
import { definitionOfAction } from './action-table.ts';
import { decideCondition } from './decide-condition.ts';
import { OfflineRegistry } from './offline-registry.ts';
import { clipReason, type PlannedChange, type PlannedStep, type PlanResult } from './plan.ts';
import { findProtection } from './protected-places.ts';
import { refuse, type Refusal } from './resolve-files.ts';
import { type Action, actionsOf, type Script } from './syntax-tree.ts';

/** Resolves a script on a machine to concrete changes, before anything changes. The whole plan stands or none of it. */
export function planScript(script: Script, volume: VolumeView, facts: Facts): PlanResult {
  const registry = new OfflineRegistry(volume);
  for (const { line, condition } of script.guards) {
    const { verdict, reason } = decideCondition(condition, { volume, facts, registry });
    if (verdict === 'held') continue;
    const code = verdict === 'failed' ? 'guard-failed' : 'guard-unknown';
    return { kind: 'not-applicable', code, line, reason: clipReason(reason) };
  }
  return planSteps(script, volume);
}

function planSteps(script: Script, volume: VolumeView): PlanResult {
  const [vacated, filled] = [new Set<string>(), new Set<string>()];
  const steps: PlannedStep[] = [];
  for (const action of actionsOf(script)) {
    const changes = planAction(action, volume, vacated, filled);
    if ('code' in changes) return { ...changes, line: action.line, reason: clipReason(changes.reason) };
    for (const { path, toPath } of changes) {
      vacated.add(foldName(path));
      if (toPath !== undefined) filled.add(foldName(toPath));
    }
    steps.push({ line: action.line, action: action.verb, changes });
  }
  if (steps.every(step => step.changes.length === 0)) {
    const line = steps[0]?.line ?? 1;
    return { kind: 'nothing-to-do', code: 'no-match', line, reason: 'No file fits any line of the script.' };
  }
  const tell = script.about?.tell?.value;
  return {
    kind: 'plan',
    steps,
    reboot: script.reboot !== undefined,
    ...(tell !== undefined && { tell }),
  };
}

function planAction(
  action: Action,
  volume: VolumeView,
  vacated: ReadonlySet<string>,
  filled: ReadonlySet<string>,
): readonly PlannedChange[] | Refusal {
  const changes = definitionOfAction(action).plan(action, { volume, vacated, filled });
  if ('code' in changes) return changes;
  for (const { path, toPath } of changes) {
    if (vacated.has(foldName(path)) || filled.has(foldName(path)))
      return refuse('changed-twice', `${path} is changed by an earlier line already.`);
    for (const one of toPath === undefined ? [path] : [path, toPath]) {
      const what = findProtection(volume, one);
      if (what !== undefined) return refuse('protected-place', `${one} belongs to ${what}.`);
    }
  }
  return changes;
}
