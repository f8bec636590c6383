import type { Facts } from '../../facts/facts.ts';
import type { Verdict } from '../../facts/verdict.ts';
import type { VolumeView } from '../../facts/volume-view.ts';
import type { Cursor } from '../cursor.ts';
import type { OfflineRegistry } from '../offline-registry.ts';
import type { SingleCondition } from '../condition-tree.ts';

/** What a condition is decided on. */
export interface Machine {
  readonly volume: VolumeView;
  readonly facts: Facts;
  readonly registry: OfflineRegistry;
}

/** Whether a condition holds on a machine, and the sentence that says so. */
export interface Decision {
  readonly verdict: Verdict;
  readonly reason: string;
}

/** What a condition says besides its place. */
export type ConditionContent<One extends SingleCondition> = One extends SingleCondition
  ? Omit<One, 'line' | 'span'>
  : never;

/** One kind of condition: how it is written, printed, explained and decided. */
export interface ConditionDefinition<One extends SingleCondition> {
  readonly kind: One['kind'];
  /** The words it can start with. */
  readonly openings: readonly string[];
  /** The word behind the name, where other kinds open with the same words. */
  readonly relation?: string;
  /** Words between the opening and that word; 1 unless told. */
  readonly relationAt?: number;
  readonly form: string;
  /** A whole condition, as it stands behind `require`. */
  readonly example: string;
  readonly meaning: string;
  /** Where the value comes from. */
  readonly evidence: string;
  /** Whether it looks at what went wrong, and not only at which Windows this is. */
  readonly isEvidence: boolean;
  /** Whether a step can have changed it, so that `verify` can ask for it. */
  readonly isChangeable: boolean;
  /** Reads what follows one of the openings. */
  readonly read: (cursor: Cursor, opening: string) => ConditionContent<One> | undefined;
  readonly print: (condition: One) => string;
  /** In plain words, to follow "Applies only if". */
  readonly explain: (condition: One) => string;
  readonly decide: (condition: One, machine: Machine) => Decision;
}
