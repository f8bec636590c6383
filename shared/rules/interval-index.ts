import type { Comparable } from './comparable-value.ts';

/** A half-open range of a rule; an end that is absent is open. */
export interface Interval {
  readonly from: Comparable | undefined;
  readonly until: Comparable | undefined;
  readonly position: number;
}

interface Node {
  readonly center: Comparable;
  /** Intervals around the center: the first to begin first, and the last to end first. */
  readonly byFrom: readonly Interval[];
  readonly byUntil: readonly Interval[];
  readonly before: Node | undefined;
  readonly after: Node | undefined;
}

const compare = (a: Comparable, b: Comparable) => (a < b ? -1 : a > b ? 1 : 0);
const isBefore = (value: Comparable, until: Comparable | undefined) => until === undefined || value < until;
/** Open ends end last. */
const lastEndFirst = (a: Interval, b: Interval) => {
  if (a.until === undefined || b.until === undefined)
    return Number(b.until === undefined) - Number(a.until === undefined);
  return compare(b.until, a.until);
};

/** Finds the intervals around a value in time that grows with the number found: a centered interval tree. */
export class IntervalIndex {
  readonly #open: readonly Interval[];
  readonly #root: Node | undefined;

  constructor(intervals: readonly Interval[]) {
    this.#open = intervals.filter(one => one.from === undefined).sort(lastEndFirst);
    this.#root = buildNode(intervals.filter(one => one.from !== undefined && isBefore(one.from, one.until)));
  }

  addAround(value: Comparable, positions: number[]): void {
    addEndingAfter(this.#open, value, positions);
    let node = this.#root;
    while (node) {
      if (value >= node.center) {
        addEndingAfter(node.byUntil, value, positions);
        node = node.after;
        continue;
      }
      for (const one of node.byFrom) {
        if (one.from! > value) break;
        positions.push(one.position);
      }
      node = node.before;
    }
  }
}

function addEndingAfter(intervals: readonly Interval[], value: Comparable, positions: number[]): void {
  for (const one of intervals) {
    if (!isBefore(value, one.until)) break;
    positions.push(one.position);
  }
}

function buildNode(intervals: readonly Interval[]): Node | undefined {
  if (intervals.length === 0) return undefined;
  const starts = intervals.map(one => one.from!).sort(compare);
  const center = starts[starts.length >> 1]!;
  const around = intervals.filter(one => one.from! <= center && isBefore(center, one.until));
  return {
    center,
    byFrom: around.toSorted((a, b) => compare(a.from!, b.from!)),
    byUntil: around.toSorted(lastEndFirst),
    before: buildNode(intervals.filter(one => one.until !== undefined && one.until <= center)),
    after: buildNode(intervals.filter(one => one.from! > center)),
  };
}

/** Counts how many of some intervals meet another, without looking at each. */
export class OverlapCounter {
  readonly #froms: readonly Comparable[];
  readonly #untils: readonly Comparable[];
  readonly #count: number;

  constructor(intervals: readonly Pick<Interval, 'from' | 'until'>[]) {
    this.#froms = intervals.flatMap(one => one.from ?? []).sort(compare);
    this.#untils = intervals.flatMap(one => one.until ?? []).sort(compare);
    this.#count = intervals.length;
  }

  count({ from, until }: Pick<Interval, 'from' | 'until'>): number {
    const endBefore = from === undefined ? 0 : firstAt(this.#untils, one => one > from);
    const beginAfter =
      until === undefined ? 0 : this.#froms.length - firstAt(this.#froms, one => one >= until);
    return this.#count - endBefore - beginAfter;
  }
}

/** The first place from which on all fit. */
function firstAt(sorted: readonly Comparable[], fits: (one: Comparable) => boolean): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (fits(sorted[middle]!)) high = middle;
    else low = middle + 1;
  }
  return low;
}
