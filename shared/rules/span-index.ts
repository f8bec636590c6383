import type { Span } from './scales.ts';

/** So many neighbours of one level are one node of the next. */
const fanOut = 16;

/**
 * Lists of signs by spans: a tree for each scale, of which each node is a list. The leaves are the places, and a span is
 * kept at few nodes that cover it. The trees are broad, since what a look costs is the memory that it touches: of a
 * thousand places it takes four nodes.
 */
export class SpanIndex {
  /** How many lists there are; they are numbered from zero. */
  readonly count: number;
  /** For each scale, its first list and the number of its places, side by side. */
  readonly #trees: Int32Array;

  /** `places` are those of each scale. */
  constructor(places: readonly number[]) {
    this.#trees = new Int32Array(2 * places.length);
    let count = 0;
    for (const [scale, leaves] of places.entries()) {
      this.#trees.set([count, leaves], 2 * scale);
      for (let size = leaves; size > 0; size = sizeAbove(size)) count += size;
    }
    this.count = count;
  }

  /** The lists that together cover a span, and nothing else. */
  listsOf({ scale, from, until }: Span): readonly number[] {
    const lists: number[] = [];
    const add = (first: number, low: number, high: number) => {
      for (let node = low; node < high; node++) lists.push(first + node);
    };
    let [first, size] = [this.#trees[2 * scale]!, this.#trees[2 * scale + 1]!];
    let [low, high] = [from, until];
    while (low < high) {
      // What is left at both ends of the nodes above that lie within as a whole; the last one may be a smaller one.
      const above = Math.ceil(low / fanOut);
      const endAbove = high === size ? sizeAbove(size) : Math.floor(high / fanOut);
      if (above >= endAbove) {
        add(first, low, high);
        break;
      }
      add(first, low, above * fanOut);
      add(first, endAbove * fanOut, high);
      [low, high] = [above, endAbove];
      first += size;
      size = sizeAbove(size);
    }
    return lists;
  }

  /** Adds the lists around a place. */
  addAround(scale: number, place: number, lists: number[]): void {
    let [first, node] = [this.#trees[2 * scale]!, place];
    for (let size = this.#trees[2 * scale + 1]!; size > 0; size = sizeAbove(size)) {
      lists.push(first + node);
      first += size;
      node = Math.floor(node / fanOut);
    }
  }
}

/** How many nodes a level has above one of so many; none above one. */
const sizeAbove = (size: number) => (size > 1 ? Math.ceil(size / fanOut) : 0);

/** Counts how many of some spans of one scale meet another, without looking at each. */
export class OverlapCounter {
  readonly #froms: Int32Array;
  readonly #untils: Int32Array;

  constructor(spans: readonly Span[]) {
    this.#froms = Int32Array.from(spans, one => one.from).sort();
    this.#untils = Int32Array.from(spans, one => one.until).sort();
  }

  count({ from, until }: Span): number {
    return countUpTo(this.#froms, until - 1) - countUpTo(this.#untils, from);
  }
}

function countUpTo(sorted: Int32Array, most: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! <= most) low = middle + 1;
    else high = middle;
  }
  return low;
}
