import type { Span } from './scales.ts';
import type { Sign } from './wake-index.ts';
import { numbersOf, signWidth, type WokenRules } from './woken-rules.ts';

/**
 * Signs by spans: finds those around a place in time that grows with their number and the logarithm of the places. One
 * segment tree for each scale, all in two arrays, since what a look costs is the memory that it touches.
 */
export class SpanIndex {
  /** The root of each scale's tree, less one. */
  readonly #bases: Int32Array;
  /** The first leaf of each scale's tree, counted from its base. */
  readonly #leaves: Int32Array;
  /** Which nodes on the way from each leaf to the root have signs, a bit for each, since most have none. */
  readonly #ways: Int32Array;
  /** Where each node's signs begin; they end where the next node's begin. */
  readonly #starts: Int32Array;
  readonly #signs: Int32Array;

  /** `counts` are the places of each scale. */
  constructor(counts: readonly number[], signs: readonly Sign[]) {
    this.#leaves = Int32Array.from(counts);
    this.#bases = new Int32Array(counts.length);
    let nodes = 0;
    for (const [scale, count] of counts.entries()) {
      this.#bases[scale] = nodes;
      nodes += 2 * count;
    }
    this.#starts = new Int32Array(nodes + 1);
    this.#forEachSpan(signs, node => (this.#starts[node + 1]! += signWidth));
    for (let node = 0; node < nodes; node++) this.#starts[node + 1]! += this.#starts[node]!;
    this.#signs = new Int32Array(this.#starts[nodes]!);
    const next = this.#starts.slice();
    this.#forEachSpan(signs, (node, sign) => {
      this.#signs.set(numbersOf(sign), next[node]);
      next[node]! += signWidth;
    });
    this.#ways = new Int32Array(nodes);
    for (const [scale, count] of counts.entries())
      for (let leaf = count; leaf < 2 * count; leaf++)
        this.#ways[this.#bases[scale]! + leaf] = this.#wayOf(scale, leaf);
  }

  /** Adds the rules of the signs around a place. */
  addAround(scale: number, place: number, woken: WokenRules): void {
    const base = this.#bases[scale]!;
    let node = place + this.#leaves[scale]!;
    for (let way = this.#ways[base + node]!; way !== 0; way >>>= 1, node >>= 1)
      if (way & 1) woken.add(this.#signs, this.#starts[base + node], this.#starts[base + node + 1]);
  }

  #wayOf(scale: number, leaf: number): number {
    const base = this.#bases[scale]!;
    let way = 0;
    for (let [node, bit] = [leaf, 1]; node > 0; node >>= 1, bit <<= 1)
      if (this.#starts[base + node]! < this.#starts[base + node + 1]!) way |= bit;
    return way;
  }

  #forEachSpan(signs: readonly Sign[], visit: (node: number, sign: Sign) => void): void {
    for (const sign of signs)
      for (const key of sign.keys)
        if (key.on === 'span') this.#forEachNode(key.span, node => visit(node, sign));
  }

  /** The fewest nodes that cover a span. */
  #forEachNode({ scale, from, until }: Span, visit: (node: number) => void): void {
    const base = this.#bases[scale]!;
    let low = from + this.#leaves[scale]!;
    let high = until + this.#leaves[scale]!;
    for (; low < high; low >>= 1, high >>= 1) {
      if (low & 1) visit(base + low++);
      if (high & 1) visit(base + --high);
    }
  }
}

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
