import type { FactType } from '../facts/fact-definition.ts';
import { findDefinition } from '../facts/vocabulary.ts';
import type { RangeKind } from './comparable-value.ts';
import { canonicalIn, comparableIn, type FactView, type SeenFile } from './fact-view.ts';
import { type Interval, IntervalIndex } from './interval-index.ts';
import { prefixLength, type WakeKey } from './wake-keys.ts';

interface FactIndex {
  readonly type: FactType | undefined;
  readonly any: number[];
  readonly byValue: Map<string, number[]>;
  readonly intervals: Map<RangeKind, Interval[]>;
  readonly ranges: [RangeKind, IntervalIndex][];
}

interface FolderIndex {
  readonly byName: Map<string, number[]>;
  /** The lengths of the beginnings that are asked about. */
  readonly prefixes: Set<number>;
}

/** Positions of rules by what a machine must show. Filled once, then sealed, then asked. */
export class WakeIndex {
  readonly #facts = new Map<string, FactIndex>();
  readonly #folders = new Map<string, FolderIndex>();

  add(key: WakeKey, position: number): void {
    if (key.on === 'file') {
      const folder = this.#folders.get(key.folder) ?? { byName: new Map(), prefixes: new Set() };
      this.#folders.set(key.folder, folder);
      if (key.name.endsWith('*')) folder.prefixes.add(key.name.length - 1);
      addTo(folder.byName, key.name, position);
      return;
    }
    const index = this.#facts.get(key.fact) ?? emptyIndexOf(key.fact);
    this.#facts.set(key.fact, index);
    if (key.on === 'fact') index.any.push(position);
    else if (key.on === 'value') addTo(index.byValue, key.canonical, position);
    else addTo(index.intervals, key.kind, { from: key.from, until: key.until, position });
  }

  seal(): void {
    for (const { intervals, ranges } of this.#facts.values()) {
      for (const [kind, some] of intervals) ranges.push([kind, new IntervalIndex(some)]);
      intervals.clear();
    }
  }

  /** Adds the positions that a machine wakes; one may come more than once. */
  addWoken(view: FactView, positions: number[]): void {
    const { facts, filesByFolder } = view;
    for (const name in facts) {
      const index = this.#facts.get(name);
      if (index) addOfFact(index, name, view, positions);
    }
    for (const [folder, files] of filesByFolder) {
      const index = this.#folders.get(folder);
      if (index) for (const file of files) addOfFile(index, file, positions);
    }
  }
}

const emptyIndexOf = (fact: string): FactIndex => ({
  type: findDefinition(fact)?.type,
  any: [],
  byValue: new Map(),
  intervals: new Map(),
  ranges: [],
});

function addTo<Key, Value>(map: Map<Key, Value[]>, key: Key, value: Value): void {
  const values = map.get(key);
  if (values) values.push(value);
  else map.set(key, [value]);
}

function addOfFact(
  { type, any, byValue, ranges }: FactIndex,
  name: string,
  view: FactView,
  positions: number[],
): void {
  addAll(any, positions);
  if (typeof view.facts[name] === 'object') return;
  if (type !== undefined && byValue.size > 0) {
    const canonical = canonicalIn(view, type, name);
    if (canonical !== undefined) addAll(byValue.get(canonical), positions);
  }
  for (const [kind, index] of ranges) {
    const comparable = comparableIn(view, kind, name);
    if (comparable !== undefined) index.addAround(comparable, positions);
  }
}

function addOfFile({ byName, prefixes }: FolderIndex, { foldedName }: SeenFile, positions: number[]): void {
  addAll(byName.get(foldedName), positions);
  for (const length of prefixes)
    if (length <= Math.min(prefixLength, foldedName.length))
      addAll(byName.get(`${foldedName.slice(0, length)}*`), positions);
}

function addAll(some: readonly number[] | undefined, positions: number[]): void {
  if (some) for (const position of some) positions.push(position);
}
