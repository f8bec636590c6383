import type { FactView } from './fact-view.ts';
import { nowhere, type Scales, type Span } from './scales.ts';

/** A condition that a sign carries: a value within a span, or something shown that one of two lists stands for. */
export type Also =
  | { readonly on: 'span'; readonly span: Span }
  | { readonly on: 'lists'; readonly lists: readonly [number, number] };

/** What a machine must show before it wakes a rule, which is given by its position. */
export interface Sign {
  readonly position: number;
  /** Whether the rule cannot match without it. All other signs of the rule only tell whether it is near or open. */
  readonly isNeeded: boolean;
  /** Conditions of the rule that must hold besides, the rarest first, at most `mostAlso`. */
  readonly also: readonly Also[];
}

/** So many conditions stand beside a sign. */
export const mostAlso = 2;
/** A condition as numbers: a scale, from and until; or `shown` and two lists; or `nothing`. */
const alsoWidth = 3;
const [nothing, shown] = [-1, -2];
/** A sign as numbers: the position of its rule, then the conditions. */
const signWidth = 1 + mostAlso * alsoWidth;

/** Doubts are added up: a condition that failed leaves no room for another doubt, while all may be unknown. */
const [unknown, failed] = [1, mostAlso + 1];

/**
 * A list as numbers: where its signs begin, where those end that a match needs, where the others end, and the last round
 * in which a machine showed it.
 */
const numberOf = { start: 0, endOfNeeded: 1, end: 2, shownIn: 3 } as const;
const listWidth = 4;

/** The position of a rule, doubled, and one more where it can only be near: in the order of the rules, the best first. */
export type Pointer = number;
export const positionOf = (pointer: Pointer): number => pointer >> 1;
export const canOnlyBeNear = (pointer: Pointer): boolean => (pointer & 1) === 1;

/** A sign that belongs to a list. */
export type Listed = readonly [list: number, sign: Sign];

/**
 * Lists of signs, one for each thing that a machine can show. All lie side by side as numbers, those that a match needs
 * first, and each carries two more conditions of its rule, so that most rules are set aside without being touched.
 */
export class SignLists {
  /** Of each list, `listWidth` numbers. */
  readonly #lists: Int32Array;
  readonly #signs: Int32Array;
  readonly #scales: Scales;
  #round = 0;

  constructor(count: number, listed: readonly Listed[], scales: Scales) {
    this.#scales = scales;
    this.#lists = new Int32Array(listWidth * count);
    const endOf = ([list, { isNeeded }]: Listed) =>
      listWidth * list + (isNeeded ? numberOf.endOfNeeded : numberOf.end);
    for (const one of listed) this.#lists[endOf(one)]! += signWidth;
    // From how much room each takes to where it begins; what is written then moves the ends to where they belong.
    let next = 0;
    for (let list = 0; list < this.#lists.length; list += listWidth) {
      const [, needed, others] = this.#lists.subarray(list, list + listWidth);
      this.#lists.set([next, next, next + needed!], list);
      next += needed! + others!;
    }
    this.#signs = new Int32Array(next).fill(nothing);
    for (const one of listed) {
      this.#write(one[1], this.#lists[endOf(one)]!);
      this.#lists[endOf(one)]! += signWidth;
    }
  }

  /** The rules that can match a machine, by what it shows; the order is none. */
  findMatchable(lists: readonly number[], view: FactView): readonly number[] {
    this.#show(lists);
    const found: number[] = [];
    for (const list of lists) {
      const end = this.#lists[listWidth * list + numberOf.endOfNeeded]!;
      for (let at = this.#lists[listWidth * list + numberOf.start]!; at < end; at += signWidth)
        if (this.#doubtOf(at + 1, view) === 0 && this.#doubtOf(at + 1 + alsoWidth, view) === 0)
          found.push(this.#signs[at]!);
    }
    return found;
  }

  /** Those, and the others of which at most one condition is known to fail; one may come more than once. */
  findUndecided(lists: readonly number[], view: FactView): readonly Pointer[] {
    this.#show(lists);
    const found: Pointer[] = [];
    for (const list of lists) {
      const end = this.#lists[listWidth * list + numberOf.end]!;
      for (let at = this.#lists[listWidth * list + numberOf.start]!; at < end; at += signWidth) {
        const doubts = this.#doubtOf(at + 1, view) + this.#doubtOf(at + 1 + alsoWidth, view);
        if (doubts <= failed) found.push(2 * this.#signs[at]! + Number(doubts === failed));
      }
    }
    return found;
  }

  #show(lists: readonly number[]): void {
    // After four thousand million rounds old ones seem to be this one, and a rule more is looked at; none is missed.
    this.#round = (this.#round + 1) | 0;
    for (const list of lists) this.#lists[listWidth * list + numberOf.shownIn] = this.#round;
  }

  #isShown(list: number): boolean {
    return this.#lists[listWidth * list + numberOf.shownIn] === this.#round;
  }

  #doubtOf(at: number, view: FactView): number {
    const scale = this.#signs[at]!;
    if (scale === nothing) return 0;
    const [first, second] = [this.#signs[at + 1]!, this.#signs[at + 2]!];
    // Whether what is not shown failed or is not known, only the rule itself can tell.
    if (scale === shown) return this.#isShown(first) || this.#isShown(second) ? 0 : unknown;
    const place = this.#scales.placeOf(scale, view);
    if (place === nowhere) return unknown;
    return place >= first && place < second ? 0 : failed;
  }

  #write({ position, also }: Sign, at: number): void {
    this.#signs[at] = position;
    for (const [index, one] of also.entries())
      this.#signs.set(
        one.on === 'span' ? [one.span.scale, one.span.from, one.span.until] : [shown, ...one.lists],
        at + 1 + index * alsoWidth,
      );
  }
}
