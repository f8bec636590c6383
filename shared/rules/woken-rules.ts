import type { FactView } from './fact-view.ts';
import type { Pointer, SignLists } from './sign-lists.ts';

/** The rules that a machine wakes; one may come more than once, and the order is none. */
export class WokenRules {
  readonly #lists: SignLists;
  /** What the machine shows. */
  readonly #shown: readonly number[];
  readonly #view: FactView;

  constructor(lists: SignLists, shown: readonly number[], view: FactView) {
    this.#lists = lists;
    this.#shown = shown;
    this.#view = view;
  }

  /** All that can match, by their positions. */
  get matchable(): readonly number[] {
    return this.#lists.findMatchable(this.#shown, this.#view);
  }

  /** All that can match, and of those that a telling sign points at all that can be near or open. */
  get undecided(): readonly Pointer[] {
    return this.#lists.findUndecided(this.#shown, this.#view);
  }
}
