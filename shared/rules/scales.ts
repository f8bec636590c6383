import type { FactType } from '../facts/fact-definition.ts';
import type { FactValue } from '../facts/facts.ts';
import { findDefinition } from '../facts/vocabulary.ts';
import { canonicalValue } from './canonical-value.ts';
import {
  type Comparable,
  compareComparable,
  endsOf,
  type RangeCondition,
  type RangeKind,
  readComparable,
  widthOf,
} from './comparable-value.ts';
import type { LeafCondition } from './compiled-rule.ts';
import type { FactView } from './fact-view.ts';

/** Conditions that hold where a value lies within a run of values. */
export type ScaledCondition = Exclude<LeafCondition, { kind: 'file' | 'glob' | 'pattern' }>;

export const isScaled = (condition: LeafCondition): condition is ScaledCondition =>
  condition.kind !== 'file' && condition.kind !== 'glob' && condition.kind !== 'pattern';

/** Places on one scale, from the first to before the last. */
export interface Span {
  readonly scale: number;
  readonly from: number;
  readonly until: number;
}

/** The place of a value that was not reported or cannot be compared. */
export const nowhere = -1;
/** The values of one fact that rules name. A machine's value has one place among them, and a condition is a span. */
interface Scale {
  readonly fact: string;
  mark(condition: ScaledCondition): void;
  /** To be called when everything is marked. */
  seal(): void;
  /** One of these; undefined when nothing is asked. */
  spansOf(condition: ScaledCondition): readonly Omit<Span, 'scale'>[] | undefined;
  placeOf(value: FactValue): number;
  /** All places are below. */
  readonly places: number;
}

/** All scales of a set of rules. Rules are decided machine by machine, so each remembers the place of the last one. */
export class Scales {
  readonly #numbers = new Map<string, number>();
  readonly #scales: Scale[] = [];
  /** The machine that each scale was asked of last and its place, side by side. */
  readonly #last: Float64Array;
  /** What that machine reported. */
  readonly #values: (FactValue | undefined)[];
  /** The machine of which everything that it reported has its place. */
  #laid = -1;

  constructor(conditions: Iterable<ScaledCondition>) {
    const byFact = new Map<string, Map<string, Scale>>();
    for (const condition of conditions) {
      let scales = byFact.get(condition.fact);
      if (!scales) byFact.set(condition.fact, (scales = new Map()));
      let scale = scales.get(condition.kind);
      if (!scale) scales.set(condition.kind, (scale = scaleFor(condition)));
      scale.mark(condition);
    }
    for (const scales of byFact.values())
      for (const [kind, scale] of scales) {
        scale.seal();
        this.#numbers.set(keyOf({ kind, fact: scale.fact }), this.#scales.push(scale) - 1);
      }
    this.#last = new Float64Array(2 * this.#scales.length).fill(-1);
    this.#values = Array.from({ length: this.#scales.length }, () => undefined);
  }

  /** Where the condition holds: in one of these. Undefined when it asks nothing, and nothing asked is nothing proven. */
  spansOf(condition: ScaledCondition): readonly Span[] | undefined {
    const scale = this.#numbers.get(keyOf(condition))!;
    return this.#scales[scale]!.spansOf(condition)?.map(span => ({ scale, ...span }));
  }

  /** The scales of each fact: from one to before another. */
  get byFact(): ReadonlyMap<string, { readonly from: number; readonly until: number }> {
    const byFact = new Map<string, { from: number; until: number }>();
    for (const [scale, { fact }] of this.#scales.entries())
      byFact.set(fact, { from: byFact.get(fact)?.from ?? scale, until: scale + 1 });
    return byFact;
  }

  /** How many places each scale has. */
  get counts(): readonly number[] {
    return this.#scales.map(scale => scale.places);
  }

  /** The place of what a machine reported. */
  placeOf(scale: number, view: FactView): number {
    if (this.#last[2 * scale] === view.number) return this.#last[2 * scale + 1]!;
    if (this.#laid === view.number) return nowhere;
    const value = view.valueOf(this.#scales[scale]!.fact);
    return value === undefined ? nowhere : this.lay(scale, value, view);
  }

  /** What a machine reported; kept, since a look among all facts costs more. */
  valueOf(scale: number, view: FactView): FactValue | undefined {
    this.placeOf(scale, view);
    return this.#last[2 * scale] === view.number ? this.#values[scale] : undefined;
  }

  /** The place of a value that a machine reported. */
  lay(scale: number, value: FactValue, view: FactView): number {
    // It may take the place of another machine's, which then is not laid as a whole any more.
    this.#laid = -1;
    this.#last[2 * scale] = view.number;
    this.#values[scale] = value;
    return (this.#last[2 * scale + 1] = this.#scales[scale]!.placeOf(value));
  }

  /** Says that everything that a machine reported was laid, so that the rest is nowhere. */
  hasLaid(view: FactView): void {
    this.#laid = view.number;
  }
}

const keyOf = ({ kind, fact }: { readonly kind: string; readonly fact: string }) => `${kind} ${fact}`;

function scaleFor({ kind, fact }: ScaledCondition): Scale {
  if (kind === 'exists') return new PresenceScale(fact);
  return kind === 'equals' ? new ValueScale(fact) : new RangeScale(fact, kind);
}

class PresenceScale implements Scale {
  readonly fact: string;

  constructor(fact: string) {
    this.fact = fact;
  }

  mark(): void {}
  seal(): void {}
  readonly places = 1;
  spansOf = () => [{ from: 0, until: 1 }];
  placeOf = () => 0;
}

/** Values that rules compare for being equal, each with a place of its own; all others share the last. */
class ValueScale implements Scale {
  readonly fact: string;
  readonly #type: FactType | undefined;
  readonly #places = new Map<string, number>();

  constructor(fact: string) {
    this.fact = fact;
    this.#type = findDefinition(fact)?.type;
  }

  mark(condition: ScaledCondition): void {
    for (const value of this.#valuesOf(condition))
      if (!this.#places.has(value)) this.#places.set(value, this.#places.size);
  }

  seal(): void {}

  get places(): number {
    return this.#places.size + 1;
  }

  spansOf(condition: ScaledCondition): ReturnType<Scale['spansOf']> {
    if (this.#type === undefined) return undefined;
    const places = [...new Set(this.#valuesOf(condition))].map(value => this.#places.get(value)!);
    return places.length === 0 ? [{ from: 0, until: 0 }] : places.map(from => ({ from, until: from + 1 }));
  }

  placeOf(value: FactValue): number {
    const canonical = this.#type && canonicalValue(this.#type, value);
    return canonical === undefined ? nowhere : (this.#places.get(canonical) ?? this.#places.size);
  }

  #valuesOf(condition: ScaledCondition): readonly string[] {
    const type = this.#type;
    if (condition.kind !== 'equals' || type === undefined) return [];
    return condition.oneOf.flatMap(value => canonicalValue(type, value) ?? []);
  }
}

/** What a machine reported, while its place is looked for. */
const sought = new Float64Array(Math.max(...Object.values(widthOf)));

/** Ends of ranges in order, side by side. A value's place is the number of ends that it has reached. */
class RangeScale implements Scale {
  readonly fact: string;
  readonly #kind: RangeKind;
  readonly #width: number;
  readonly #marked: Comparable[] = [];
  #ends = new Float64Array(0);

  constructor(fact: string, kind: RangeKind) {
    this.fact = fact;
    this.#kind = kind;
    this.#width = widthOf[kind];
  }

  mark(condition: ScaledCondition): void {
    const { from, until } = endsOf(condition as RangeCondition);
    if (from !== undefined) this.#marked.push(from);
    if (until !== undefined) this.#marked.push(until);
  }

  seal(): void {
    const sorted = this.#marked.sort((a, b) => compareComparable(a, b));
    const ends = sorted.filter(
      (end, index) => index === 0 || compareComparable(end, sorted[index - 1]!) !== 0,
    );
    this.#ends = new Float64Array(ends.length * this.#width);
    for (const [index, end] of ends.entries()) this.#ends.set(end, index * this.#width);
    this.#marked.length = 0;
  }

  get places(): number {
    return this.#ends.length / this.#width + 1;
  }

  spansOf(condition: ScaledCondition): ReturnType<Scale['spansOf']> {
    const { from, until } = endsOf(condition as RangeCondition);
    if (from === undefined && until === undefined) return undefined;
    return [
      {
        from: from === undefined ? 0 : this.#countReached(from),
        until: until === undefined ? this.places : this.#countReached(until),
      },
    ];
  }

  placeOf(value: FactValue): number {
    return readComparable(this.#kind, value, sought) ? this.#countReached(sought) : nowhere;
  }

  #countReached(value: Comparable): number {
    const [ends, width] = [this.#ends, this.#width];
    let [low, high] = [0, ends.length / width];
    while (low < high) {
      const middle = (low + high) >> 1;
      let at = 0;
      while (at < width && ends[middle * width + at] === value[at]) at++;
      if (at === width || ends[middle * width + at]! < value[at]!) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
