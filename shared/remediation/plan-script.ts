import type { Facts } from '../facts/facts.ts';
import { foldName } from '../facts/glob.ts';
import type { VolumeView } from '../facts/volume-view.ts';
import { definitionOfAction } from './action-table.ts';
import type { Ahead } from './actions/action-definition.ts';
import { decideCondition } from './decide-condition.ts';
import { refuseFileOfWindows } from './files-of-windows.ts';
import { OfflineRegistry } from './offline-registry.ts';
import { clipReason, type PlannedChange, type PlannedStep, type PlanResult } from './plan.ts';
import { findProtection } from './protected-places.ts';
import { findUneditable, isEditAllowed } from './registry-edits.ts';
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
  return planSteps(script, volume, registry);
}

function planSteps(script: Script, volume: VolumeView, registry: OfflineRegistry): PlanResult {
  const [vacated, filled] = [new Set<string>(), new Set<string>()];
  const steps: PlannedStep[] = [];
  for (const action of actionsOf(script)) {
    const changes = planAction(action, { volume, registry, vacated, filled });
    if ('code' in changes) return { ...changes, line: action.line, reason: clipReason(changes.reason) };
    for (const change of changes) {
      const { toPath } = change;
      if (change.kind === 'run-tool') continue;
      if (change.kind === 'copy') {
        filled.add(placeOf(change));
        continue;
      }
      vacated.add(placeOf(change));
      if (toPath !== undefined) filled.add(foldName(toPath));
    }
    steps.push({ line: action.line, action: action.verb, changes });
  }
  if (steps.every(step => step.changes.length === 0)) {
    const line = steps[0]?.line ?? 1;
    return {
      kind: 'nothing-to-do',
      code: 'no-match',
      line,
      reason: 'Nothing on this machine fits any line of the script.',
    };
  }
  const uneditable = findUneditable(registry, steps);
  if (uneditable) return { ...uneditable, reason: clipReason(uneditable.reason) };
  const tell = script.about?.tell?.value;
  return {
    kind: 'plan',
    steps,
    reboot: script.reboot !== undefined,
    ...(tell !== undefined && { tell }),
  };
}

function planAction(action: Action, ahead: Ahead): readonly PlannedChange[] | Refusal {
  const { volume, vacated, filled } = ahead;
  const changes = definitionOfAction(action).plan(action, ahead);
  if ('code' in changes) return changes;
  for (const change of changes) {
    const { path, toPath } = change;
    if (change.kind === 'run-tool') continue;
    const place = placeOf(change);
    // A copy may take a name that an earlier line freed.
    if ((change.kind !== 'copy' && vacated.has(place)) || filled.has(place))
      return refuse('changed-twice', `${nameOf(change)} is changed by an earlier line already.`);
    if (change.kind === 'edit-registry') {
      if (isEditAllowed(change.hive, change.edit)) continue;
      return refuse('protected-place', `${nameOf(change)} is not open to scripts.`);
    }
    for (const one of toPath === undefined ? [path] : [path, toPath]) {
      const what = findProtection(volume, one);
      if (what !== undefined) return refuse('protected-place', `${one} belongs to ${what}.`);
    }
    const claim = takesAway(change) && isCareful(action) ? refuseFileOfWindows(volume, path) : undefined;
    if (claim) return claim;
  }
  return changes;
}

/** Whether a change takes away the file that lies at its path. */
const takesAway = (change: PlannedChange): boolean =>
  change.kind === 'delete' || change.kind === 'rename' || (change.kind === 'copy' && change.replaces);

/** Whether a line leaves files of Windows alone: it has a word for reaching them, and does not say it. */
const isCareful = (action: Action): boolean => 'includingWindows' in action && !action.includingWindows;

/** What a change takes for itself: a file, or a value of the registry. */
const placeOf = (change: PlannedChange): string =>
  foldName(change.kind === 'edit-registry' ? nameOf(change) : change.path);

const nameOf = (change: PlannedChange): string =>
  change.kind === 'edit-registry' ? `${change.hive}\\${change.edit.key}:${change.edit.name}` : change.path;
