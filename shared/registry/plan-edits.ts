import type { BytePatch } from './byte-patch.ts';
import { fileTimeOfInstant } from './file-time.ts';
import { HiveDraft } from './hive-draft.ts';
import type { EditEffect, EditProblem, HiveEdit } from './hive-edit.ts';
import type { RecoveredHive } from './recover-hive.ts';

/** How edits are planned. */
export interface EditOptions {
  /** Becomes the time of the changed keys; without it they keep theirs. */
  readonly writtenAt?: string;
  /** The hive becomes a clean one with its logs replayed also where no edit changes anything. */
  readonly isRewritten?: boolean;
}

/** Edits as bytes. Nothing is changed yet; `applyPatches` and `invertPatches` do and undo it. */
export interface EditPlan {
  /** From the hive file as it is to the edited one, replayed logs included; none when every edit is `unchanged`. */
  readonly patches: readonly BytePatch[];
  /** One for each edit, in order. */
  readonly effects: readonly EditEffect[];
  /** Sequence number of the edited hive, newer than everything in its logs. */
  readonly sequence: number;
}

export type EditPlanResult =
  { readonly ok: true; readonly plan: EditPlan } | { readonly ok: false; readonly problem: EditProblem };

/**
 * Plans changes to values as byte patches over the hive file. The edited hive is clean: its logs were replayed into it
 * and its sequence number is newer than theirs, so that Windows neither replays them nor can ever take one of their
 * entries for a continuation. The log files therefore stay as they are, and undoing the patches restores hive and logs
 * to the byte.
 */
export function planEdits(
  recovered: RecoveredHive,
  edits: readonly HiveEdit[],
  options: EditOptions = {},
): EditPlanResult {
  const refuse = (problem: EditProblem): EditPlanResult => ({ ok: false, problem });
  const writtenAt = options.writtenAt === undefined ? undefined : fileTimeOfInstant(options.writtenAt);
  if (options.writtenAt !== undefined && writtenAt === undefined)
    return refuse({
      code: 'not-an-instant',
      message: `${options.writtenAt} is no instant such as 2026-01-31T12:00:00Z`,
    });
  const draft = HiveDraft.of(recovered, writtenAt);
  if ('code' in draft) return refuse(draft);
  const effects: EditEffect[] = [];
  for (const [index, edit] of edits.entries()) {
    const effect = draft.apply(edit);
    if (typeof effect !== 'string') return refuse({ ...effect, edit: index });
    effects.push(effect);
  }
  if (options.isRewritten) draft.rewrite();
  const isWritten = options.isRewritten === true || effects.some(effect => effect !== 'unchanged');
  const patches = isWritten ? draft.patches() : [];
  return 'code' in patches
    ? refuse(patches)
    : { ok: true, plan: { patches, effects, sequence: draft.sequence } };
}
