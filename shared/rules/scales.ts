import type { FactType } from '../facts/fact-definition.ts';
import type { FactValue } from '../facts/facts.ts';
import { findDefinition } from '../facts/vocabulary.ts';
import { canonicalValue } from './canonical-value.ts';
import {
  type Comparable,
  comparableOf,
  endsOf,
  type RangeCondition,
  type RangeKind,
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
  readonly #places: Int32Array;
  readonly #machines: Float64Array;

  constructor(conditions: Iterable<ScaledCondition>) {
    for (const condition of conditions) this.#scaleFor(condition).mark(condition);
    for (const scale of this.#scales) scale.seal();
    this.#places = new Int32Array(this.#scales.length);
    this.#machines = new Float64Array(this.#scales.length).fill(-1);
  }

  /** Where the condition holds: in one of these. Undefined when it asks nothing, and nothing asked is nothing proven. */
  spansOf(condition: ScaledCondition): readonly Span[] | undefined {
    const scale = this.#numbers.get(keyOf(condition))!;
    return this.#scales[scale]!.spansOf(condition)?.map(span => ({ scale, ...span }));
  }

  /** The scales of each fact. */
  get byFact(): ReadonlyMap<string, readonly number[]> {
    const byFact = new Map<string, number[]>();
    for (const [scale, { fact }] of this.#scales.entries())
      if (byFact.get(fact)?.push(scale) === undefined) byFact.set(fact, [scale]);
    return byFact;
  }

  /** How many places each scale has. */
  get counts(): readonly number[] {
    return this.#scales.map(scale => scale.places);
  }

  /** The place of what a machine reported. */
  placeOf(scale: number, view: FactView): number {
    if (this.#machines[scale] === view.number) return this.#places[scale]!;
    const value = view.values.get(this.#scales[scale]!.fact);
    return this.#keep(scale, view, value === undefined ? nowhere : this.#scales[scale]!.placeOf(value));
  }

  /** The same for one whose value of that fact is at hand. */
  placeOfValue(scale: number, value: FactValue, view: FactView): number {
    if (this.#machines[scale] === view.number) return this.#places[scale]!;
    return this.#keep(scale, view, this.#scales[scale]!.placeOf(value));
  }

  #keep(scale: number, view: FactView, place: number): number {
    this.#machines[scale] = view.number;
    return (this.#places[scale] = place);
  }

  #scaleFor(condition: ScaledCondition): Scale {
    const key = keyOf(condition);
    const known = this.#numbers.get(key);
    if (known !== undefined) return this.#scales[known]!;
    const made = scaleFor(condition);
    this.#numbers.set(key, this.#scales.length);
    this.#scales.push(made);
    return made;
  }
}

const keyOf = ({ kind, fact }: ScaledCondition) => `${kind} ${fact}`;

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

/** Ends of ranges in order. A value's place is the number of ends that it has reached. */
class RangeScale implements Scale {
  readonly fact: string;
  readonly #kind: RangeKind;
  #ends: Comparable[] = [];

  constructor(fact: string, kind: RangeKind) {
    this.fact = fact;
    this.#kind = kind;
  }

  mark(condition: ScaledCondition): void {
    const { from, until } = endsOf(condition as RangeCondition);
    if (from !== undefined) this.#ends.push(from);
    if (until !== undefined) this.#ends.push(until);
  }

  seal(): void {
    this.#ends.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
    this.#ends = this.#ends.filter((end, index, all) => index === 0 || end !== all[index - 1]);
  }

  get places(): number {
    return this.#ends.length + 1;
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
    const comparable = comparableOf(this.#kind, value);
    return comparable === undefined ? nowhere : this.#countReached(comparable);
  }

  #countReached(value: Comparable): number {
    let [low, high] = [0, this.#ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#ends[middle]! <= value) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
