import type { FactView } from './fact-view.ts';
import { nowhere, type Scales } from './scales.ts';
import type { Sign } from './wake-index.ts';

/** Numbers of a sign as an index keeps them: its rule, and a span or one of the next two. */
export const signWidth = 4;
const [noSpan, noMatch] = [-1, -2];

/** A sign as numbers, so that those of one key lie side by side. */
export function numbersOf({ position, second }: Sign): readonly [number, number, number, number] {
  if (second === 'nothing') return [position, noSpan, 0, 0];
  if (second === 'no-match') return [position, noMatch, 0, 0];
  return [position, second.scale, second.from, second.until];
}

/** The rules that a machine wakes, by their positions; one may come more than once, and the order is none. */
export class WokenRules {
  /** Something points at these. */
  readonly pointedAt: number[] = [];
  /** Those among them that can match. */
  readonly mayMatch: number[] = [];
  readonly #scales: Scales;
  readonly #view: FactView;

  constructor(scales: Scales, view: FactView) {
    this.#scales = scales;
    this.#view = view;
  }

  /** Adds the rules of signs that are met, of which these are the numbers. */
  add(signs: Int32Array | readonly number[], start = 0, end = signs.length): void {
    for (let at = start; at < end; at += signWidth) {
      this.pointedAt.push(signs[at]!);
      if (this.#canMatch(signs[at + 1]!, signs[at + 2]!, signs[at + 3]!)) this.mayMatch.push(signs[at]!);
    }
  }

  #canMatch(scale: number, from: number, until: number): boolean {
    if (scale < 0) return scale === noSpan;
    const place = this.#scales.placeOf(scale, this.#view);
    return place !== nowhere && place >= from && place < until;
  }
}
