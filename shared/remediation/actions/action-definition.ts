import type { VolumeView } from '../../facts/volume-view.ts';
import type { Cursor } from '../cursor.ts';
import type { OfflineRegistry } from '../offline-registry.ts';
import type { Decision } from '../conditions/condition-definition.ts';
import type { PlannedChange } from '../plan.ts';
import type { ClauseName } from '../read-clauses.ts';
import type { Refusal } from '../resolve-files.ts';
import type { Action } from '../syntax-tree.ts';
import type { FolderPath, Statement } from '../tree-parts.ts';

/**
 * What is promised about going back. `reversible`: undone byte for byte. `repeatable`: run again until it is true.
 * `one-way`: no way back, never automatic.
 */
export type ActionClass = 'reversible' | 'repeatable' | 'one-way';

/** What an action says besides its place. */
export type ActionContent<One extends Action> = One extends Action ? Omit<One, keyof Statement> : never;

/** The volume as it will be when the steps before have run. */
export interface Ahead {
  readonly volume: VolumeView;
  readonly registry: OfflineRegistry;
  /** Folded paths that an earlier step moves away. */
  readonly vacated: ReadonlySet<string>;
  /** Folded paths that an earlier step puts in place. */
  readonly filled: ReadonlySet<string>;
}

/** The volume as it is when all steps have run. */
export interface Afterwards {
  readonly volume: VolumeView;
  readonly registry: OfflineRegistry;
  /** Folded paths that a later step of the same script put in place. */
  readonly filledLater: ReadonlySet<string>;
  /** What this step had planned; empty when nobody remembers. */
  readonly changes: readonly PlannedChange[];
}

/** One verb: everything that is known about it, from its words to its proof. */
export interface ActionDefinition<One extends Action> {
  readonly verb: One['verb'];
  readonly form: string;
  /** A whole line that says it, for completion, hover and documentation. */
  readonly example: string;
  readonly class: ActionClass;
  readonly meaning: string;
  readonly clauses: readonly ClauseName[];
  readonly undo: string;
  /** What is looked at afterwards, without being asked. */
  readonly verify: string;
  /** The word of a tool is all the proof there is: nothing on the volume shows it. */
  readonly isProvenByTool?: true;
  readonly traps: readonly string[];
  /** Who recommends or documents the action. */
  readonly source: string;
  /** The versions of Windows that it fits, and what it asks of the recovery image. */
  readonly windows: string;
  /** What it works on; only what changes files can stand in the body of `in`. A tool works on Windows as a whole. */
  readonly changes: 'files' | 'registry' | 'windows';
  /** Reads what follows the verb; `inside` is the folder of the `in` around it. */
  readonly read: (cursor: Cursor, inside?: FolderPath) => ActionContent<One> | undefined;
  readonly print: (action: One, inside?: FolderPath) => string;
  /** One plain sentence. */
  readonly explain: (action: One) => string;
  readonly plan: (action: One, ahead: Ahead) => readonly PlannedChange[] | Refusal;
  /** Whether what the step promised is true. */
  readonly prove: (action: One, afterwards: Afterwards) => Decision;
}
