import { foldUnit } from '../facts/glob.ts';

/** Names of which lists are kept apart: those of one folder, or of one fact. */
export interface NameSpace {
  readonly seed: number;
  /** The lengths of beginnings that are kept, a bit for each. */
  beginnings: number;
}

/** Beginnings of names are kept up to this length, so that their lengths are bits of a number. */
export const maxBeginning = 31;

/** Stands behind the last letter of a whole name; no letter is that. */
const end = 0x1_00_00;

/**
 * Numbers of lists by folded names and, with `*` at the end, by how names begin. Only hashes of the letters are kept:
 * two names of one hash share a list, so that a look may find one too many but never misses one.
 */
export class NameLists {
  #count: number;
  #spaces = 0;
  /** Hash and list side by side, while they are collected. */
  readonly #lists = new Map<number, number>();
  /** The same, each at a place that its hash tells, or at the next one that was free. */
  #table = new Int32Array(0);

  /** Lists are numbered from here. */
  constructor(first: number) {
    this.#count = first;
  }

  /** The number behind the last list. */
  get count(): number {
    return this.#count;
  }

  makeSpace(): NameSpace {
    return { seed: mix(0x81_1c_9d_c5, this.#spaces++), beginnings: 0 };
  }

  /** The list of a name or of a beginning. */
  at(space: NameSpace, name: string): number {
    const isBeginning = name.endsWith('*');
    const length = isBeginning ? Math.min(name.length - 1, maxBeginning) : name.length;
    let hash = space.seed;
    for (let at = 0; at < length; at++) hash = mix(hash, name.charCodeAt(at));
    if (isBeginning) space.beginnings |= 1 << length;
    else hash = mix(hash, end);
    let list = this.#lists.get(hash);
    if (list === undefined) this.#lists.set(hash, (list = this.#count++));
    return list;
  }

  /** To be called when all names are known. */
  seal(): void {
    let size = 1;
    while (size < 2 * this.#lists.size) size *= 2;
    this.#table = new Int32Array(2 * size).fill(-1);
    for (const [hash, list] of this.#lists) this.#table.set([hash, list], this.#slotOf(hash));
    this.#lists.clear();
  }

  /** Adds the lists of all beginnings of a name and its own. The name is what follows `start`; it is folded here. */
  addOf(space: NameSpace, name: string, start: number, lists: number[]): void {
    const { beginnings } = space;
    let hash = space.seed;
    if (beginnings & 1) this.#add(hash, lists);
    for (let at = start; at < name.length; at++) {
      hash = mix(hash, foldUnit(name.charCodeAt(at)));
      const length = at - start + 1;
      if (length <= maxBeginning && (beginnings >>> length) & 1) this.#add(hash, lists);
    }
    this.#add(mix(hash, end), lists);
  }

  #add(hash: number, lists: number[]): void {
    const list = this.#table[this.#slotOf(hash) + 1]!;
    if (list >= 0) lists.push(list);
  }

  /** Where the table has a hash, or the free place where it would stand. */
  #slotOf(hash: number): number {
    const last = this.#table.length - 2;
    let slot = (2 * (hash ^ (hash >>> 15))) & last;
    while (this.#table[slot + 1]! >= 0 && this.#table[slot] !== hash) slot = (slot + 2) & last;
    return slot;
  }
}

/** FNV-1a, a letter at a time. */
const mix = (hash: number, unit: number) => Math.imul(hash ^ unit, 0x01_00_01_93);
