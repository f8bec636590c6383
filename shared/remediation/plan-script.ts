import type { Facts } from '../facts/facts.ts';
import { foldName } from '../facts/glob.ts';
import type { VolumeView } from '../facts/volume-view.ts';
import { definitionOfAction } from './action-table.ts';
import type { Afterwards, Ahead } from './actions/action-definition.ts';
import { decideCondition } from './decide-condition.ts';
import { refuseFileOfWindows } from './files-of-windows.ts';
import { comesToSomething, isNotice } from './notices.ts';
import { OfflineRegistry } from './offline-registry.ts';
import { clipReason, type PlannedChange, type PlannedStep, type PlanResult } from './plan.ts';
import { PlannedRegistry } from './planned-registry.ts';
import { findLaunchPlace, findProtection } from './protected-places.ts';
import { isEditAllowed } from './registry-edits.ts';
import { refuse, type Refusal } from './resolve-files.ts';
import { isTransactionLog } from './transaction-logs.ts';
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
  const registry = new PlannedRegistry(volume);
  const [vacated, filled] = [new Set<string>(), new Set<string>()];
  const steps: PlannedStep[] = [];
  for (const action of actionsOf(script)) {
    const changes = planAction(action, { volume, registry, vacated, filled });
    if ('code' in changes) return { ...changes, line: action.line, reason: clipReason(changes.reason) };
    for (const change of changes) {
      const { toPath } = change;
      if (change.kind === 'run-tool' || change.kind === 'edit-registry' || change.kind === 'swap-hive')
        continue;
      if (isNotice(change)) continue;
      if (change.kind === 'copy') {
        filled.add(foldName(change.path));
        continue;
      }
      vacated.add(foldName(change.path));
      if (toPath !== undefined) filled.add(foldName(toPath));
    }
    steps.push({ line: action.line, action: action.verb, changes });
  }
  if (!comesToSomething(steps)) {
    const line = steps[0]?.line ?? 1;
    return {
      kind: 'nothing-to-do',
      code: 'no-match',
      line,
      reason: 'Nothing on this machine fits any line of the script.',
    };
  }
  const swapped = findSwappedTwice(steps);
  if (swapped) return swapped;
  const opposed = findOpposed(script, { volume, registry, filledLater: new Set() });
  if (opposed) return opposed;
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
  ahead: Ahead & { readonly registry: PlannedRegistry },
): readonly PlannedChange[] | Refusal {
  const { volume, registry, vacated, filled } = ahead;
  const changes = definitionOfAction(action).plan(action, ahead);
  if ('code' in changes) return changes;
  for (const change of changes) {
    const { path, toPath } = change;
    if (change.kind === 'run-tool' || change.kind === 'swap-hive' || isNotice(change)) continue;
    if (change.kind === 'edit-registry') {
      const { hive, edit } = change;
      const name = `${hive}\\${edit.key}${'name' in edit ? `:${edit.name}` : ''}`;
      if (registry.isTaken(change))
        return refuse('changed-twice', `${name} is changed by an earlier line already.`);
      if (isEditAllowed(change.hive, change.edit)) continue;
      return refuse('protected-place', `${name} is not open to scripts.`);
    }
    const place = foldName(path);
    // A copy may take a name that an earlier line freed.
    if ((change.kind !== 'copy' && vacated.has(place)) || filled.has(place))
      return refuse('changed-twice', `${path} is changed by an earlier line already.`);
    for (const one of toPath === undefined ? [path] : [path, toPath]) {
      if (action.verb === 'clear transaction logs' && isTransactionLog(volume, one)) continue;
      const what = findProtection(volume, one);
      if (what !== undefined) return refuse('protected-place', `${one} belongs to ${what}.`);
    }
    // Undo of a rename puts the file back under its old name.
    for (const made of change.kind === 'delete' ? [] : toPath === undefined ? [path] : [path, toPath]) {
      const what = findLaunchPlace(volume, made);
      if (what !== undefined) return refuse('launch-place', `No line puts ${made} among ${what}.`);
    }
    const claim = takesAway(change) && isCareful(action) ? refuseFileOfWindows(volume, path) : undefined;
    if (claim) return claim;
  }
  return registry.edit(changes.filter(change => change.kind === 'edit-registry')) ?? changes;
}

/** A line that changes a hive which another line puts in its place as a whole; replay alone goes together with edits. */
function findSwappedTwice(steps: readonly PlannedStep[]): PlanResult | undefined {
  const changes = steps.flatMap(({ line, changes: made }) => made.map(change => ({ line, change })));
  const known = new Map<string, PlannedChange>();
  for (const { line, change } of changes) {
    if (change.kind !== 'swap-hive' && change.kind !== 'edit-registry') continue;
    const earlier = known.get(change.hive);
    const isWhole = [change, earlier].some(one => one?.kind === 'swap-hive' && one.fromPath !== undefined);
    const isTwice = earlier?.kind === 'swap-hive' && change.kind === 'swap-hive';
    if (earlier && (isWhole || isTwice))
      return {
        kind: 'refused',
        code: 'changed-twice',
        line,
        reason: `The hive ${change.hive} is put in its place as a whole by one line and changed by another.`,
      };
    if (earlier?.kind !== 'swap-hive') known.set(change.hive, change);
  }
  return undefined;
}

/** Whether a change takes away the file that lies at its path. */
const takesAway = (change: PlannedChange): boolean =>
  change.kind === 'delete' || change.kind === 'rename' || (change.kind === 'copy' && change.replaces);

/** Whether a line leaves files of Windows alone: it has a word for reaching them, and does not say it. */
const isCareful = (action: Action): boolean => 'includingWindows' in action && !action.includingWindows;

/** A line on the registry that a later one takes back, though both found something else to change. */
function findOpposed(script: Script, planned: Omit<Afterwards, 'changes'>): PlanResult | undefined {
  const actions = actionsOf(script).filter(action => definitionOfAction(action).changes === 'registry');
  if (actions.length < 2) return undefined;
  for (const action of actions) {
    const { verdict, reason } = definitionOfAction(action).prove(action, { ...planned, changes: [] });
    if (verdict !== 'failed') continue;
    const why = clipReason(`Another line takes back what this one does: ${reason}`);
    return { kind: 'refused', code: 'changed-twice', line: action.line, reason: why };
  }
  return undefined;
}
