import type { FactType } from '../facts/fact-definition.ts';
import { findDefinition } from '../facts/vocabulary.ts';
import { BeginningTree } from './beginning-tree.ts';
import type { RangeKind } from './comparable-value.ts';
import type { FactView, SeenFact } from './fact-view.ts';
import { type Interval, IntervalIndex } from './interval-index.ts';
import { WakeCosts } from './wake-costs.ts';
import { type DoorKey, isDoorKey, type WakeKey } from './wake-keys.ts';

/** A rule by its position, and the lists of keys of each of which a machine must show one. */
export interface WakeEntry {
  readonly position: number;
  readonly choices: readonly (readonly WakeKey[])[];
}

/** A key that wakes no more rules than this needs no second one. */
const few = 4;
/** So many keys may stand for one condition where a second one is looked at behind them. */
const mostDoors = 4;

/**
 * Positions of rules by what a machine must show. A rule whose rarest key wakes many others stands behind a door: a
 * key that some of them share, with an index of their other keys behind it.
 */
export class WakeIndex {
  readonly #facts = new Map<string, FactIndex>();
  readonly #folders = new Map<string, NameIndex>();
  /** Rules that nothing certain can be said about. */
  readonly #always: number[] = [];

  /** With costs, rules stand behind doors where that pays; without, each stands at its first list of keys. */
  constructor(entries: readonly WakeEntry[], costs?: WakeCosts) {
    for (const entry of entries) {
      if (costs) this.#place(entry, costs, entries.length / 2);
      else this.#placeAt(entry.choices[0], entry.position);
    }
    for (const index of this.#facts.values()) index.seal();
    for (const index of this.#folders.values()) index.seal();
  }

  /** Adds the positions that a machine wakes; one may come more than once. */
  addWoken(view: FactView, positions: number[]): void {
    addAll(this.#always, positions);
    const { seen, filesByFolder } = view;
    if (this.#facts.size < seen.size)
      for (const [name, index] of this.#facts) index.addWoken(seen.get(name), view, positions);
    else for (const [name, fact] of seen) this.#facts.get(name)?.addWoken(fact, view, positions);
    if (this.#folders.size === 0) return;
    for (const [folder, files] of filesByFolder) {
      const names = this.#folders.get(folder);
      if (names) for (const file of files) names.addWoken(file.foldedName, view, positions);
    }
  }

  #place({ position, choices }: WakeEntry, costs: WakeCosts, half: number): void {
    const byCost = choices.map(keys => ({ keys, cost: costs.of(keys) })).sort((a, b) => a.cost - b.cost);
    const [rarest] = byCost;
    if (rarest && rarest.cost > few) {
      for (const { keys, cost } of byCost) {
        if (cost > half || keys.length > mostDoors || !keys.every(isDoorKey)) continue;
        const rest = choices.filter(one => one !== keys);
        for (const key of keys) this.#door(key).behind.push({ position, choices: rest });
        return;
      }
      const [only, ...more] = rarest.keys;
      if (more.length === 0 && only!.on === 'range' && costs.ofFact(only!.fact) <= half) {
        this.#door({ on: 'fact', fact: only!.fact }).behind.push({ position, choices });
        return;
      }
    }
    this.#placeAt(rarest?.keys, position);
  }

  #placeAt(keys: readonly WakeKey[] | undefined, position: number): void {
    if (!keys) this.#always.push(position);
    for (const key of keys ?? []) {
      if (isDoorKey(key)) this.#door(key).positions.push(position);
      else this.#fact(key.fact).addInterval(key.kind, { from: key.from, until: key.until, position });
    }
  }

  #door(key: DoorKey): Door {
    return key.on === 'file' ? this.#folder(key.folder).at(key.name) : this.#fact(key.fact).at(key);
  }

  #fact(name: string): FactIndex {
    const known = this.#facts.get(name);
    if (known) return known;
    const made = new FactIndex(findDefinition(name)?.type);
    this.#facts.set(name, made);
    return made;
  }

  #folder(name: string): NameIndex {
    const known = this.#folders.get(name);
    if (known) return known;
    const made = new NameIndex();
    this.#folders.set(name, made);
    return made;
  }
}

/** What stands at one key: rules that it wakes, and rules of which a second key is looked at. */
class Door {
  readonly positions: number[] = [];
  readonly behind: WakeEntry[] = [];
  #index: WakeIndex | undefined;

  seal(): void {
    if (this.behind.length > few) this.#index = new WakeIndex(this.behind, costsOf(this.behind));
    else for (const { position } of this.behind) this.positions.push(position);
    this.behind.length = 0;
  }

  addWoken(view: FactView, positions: number[]): void {
    addAll(this.positions, positions);
    this.#index?.addWoken(view, positions);
  }
}

/** Names, whole or by how they begin. */
class NameIndex {
  readonly #whole = new Map<string, Door>();
  readonly #beginnings = new BeginningTree<Door>();

  at(name: string): Door {
    return name.endsWith('*') ? this.#beginnings.at(name.slice(0, -1), makeDoor) : doorIn(this.#whole, name);
  }

  seal(): void {
    for (const door of this.#whole.values()) door.seal();
    for (const door of this.#beginnings.values()) door.seal();
  }

  addWoken(name: string, view: FactView, positions: number[]): void {
    this.#whole.get(name)?.addWoken(view, positions);
    this.#beginnings.forEachOf(name, door => door.addWoken(view, positions));
  }
}

const makeDoor = () => new Door();

class FactIndex {
  readonly #type: FactType | undefined;
  readonly #any = new Door();
  readonly #byValue = new Map<string, Door>();
  #names: NameIndex | undefined;
  readonly #intervals = new Map<RangeKind, Interval[]>();
  readonly #ranges: [RangeKind, IntervalIndex][] = [];

  constructor(type: FactType | undefined) {
    this.#type = type;
  }

  at(key: Exclude<DoorKey, { on: 'file' }>): Door {
    switch (key.on) {
      case 'fact':
        return this.#any;
      case 'value':
        return doorIn(this.#byValue, key.name);
      case 'text':
        return (this.#names ??= new NameIndex()).at(key.name);
      default:
        return key satisfies never;
    }
  }

  addInterval(kind: RangeKind, interval: Interval): void {
    const some = this.#intervals.get(kind);
    if (some) some.push(interval);
    else this.#intervals.set(kind, [interval]);
  }

  seal(): void {
    this.#any.seal();
    for (const door of this.#byValue.values()) door.seal();
    this.#names?.seal();
    for (const [kind, some] of this.#intervals) this.#ranges.push([kind, new IntervalIndex(some)]);
    this.#intervals.clear();
  }

  addWoken(seen: SeenFact | undefined, view: FactView, positions: number[]): void {
    if (seen === undefined) return;
    this.#any.addWoken(view, positions);
    if (typeof seen.value === 'object') return;
    if (this.#type !== undefined && this.#byValue.size > 0) {
      const canonical = seen.canonicalAs(this.#type);
      if (canonical !== undefined) this.#byValue.get(canonical)?.addWoken(view, positions);
    }
    if (this.#names && seen.folded !== undefined) this.#names.addWoken(seen.folded, view, positions);
    for (const [kind, index] of this.#ranges) {
      const comparable = seen.comparableAs(kind);
      if (comparable !== undefined) index.addAround(comparable, positions);
    }
  }
}

function doorIn(doors: Map<string, Door>, name: string): Door {
  const known = doors.get(name);
  if (known) return known;
  const made = new Door();
  doors.set(name, made);
  return made;
}

export const costsOf = (entries: readonly WakeEntry[]) => new WakeCosts(entries.map(entry => entry.choices));

function addAll(some: readonly number[], positions: number[]): void {
  for (const position of some) positions.push(position);
}
