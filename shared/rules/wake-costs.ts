import { type Interval, OverlapCounter } from './interval-index.ts';
import type { WakeKey } from './wake-keys.ts';

interface Asked {
  /** Keys that ask about this fact or folder. */
  mentions: number;
  readonly counts: Map<string, number>;
  readonly intervals: Map<string, Omit<Interval, 'position'>[]>;
  readonly overlaps: Map<string, OverlapCounter>;
}

/** How many rules each key would wake among those that have these keys. */
export class WakeCosts {
  readonly #facts = new Map<string, Asked>();
  readonly #folders = new Map<string, Asked>();

  constructor(lists: Iterable<readonly (readonly WakeKey[])[]>) {
    for (const list of lists) for (const keys of list) for (const key of keys) this.#add(key);
  }

  of(keys: readonly WakeKey[]): number {
    let sum = 0;
    for (const key of keys) {
      const asked = key.on === 'file' ? this.#folders.get(key.folder)! : this.#facts.get(key.fact)!;
      if (key.on !== 'range') {
        sum += asked.counts.get(nameIn(key))!;
        continue;
      }
      const counter = asked.overlaps.get(key.kind) ?? new OverlapCounter(asked.intervals.get(key.kind)!);
      asked.overlaps.set(key.kind, counter);
      sum += counter.count(key);
    }
    return sum;
  }

  /** How many keys ask about a fact. */
  ofFact(fact: string): number {
    return this.#facts.get(fact)?.mentions ?? 0;
  }

  #add(key: WakeKey): void {
    const asked = key.on === 'file' ? askedOf(this.#folders, key.folder) : askedOf(this.#facts, key.fact);
    asked.mentions++;
    if (key.on !== 'range') {
      const name = nameIn(key);
      asked.counts.set(name, (asked.counts.get(name) ?? 0) + 1);
    } else if (asked.intervals.get(key.kind)?.push(key) === undefined) {
      asked.intervals.set(key.kind, [key]);
    }
  }
}

function askedOf(some: Map<string, Asked>, name: string): Asked {
  const known = some.get(name);
  if (known) return known;
  const made = { mentions: 0, counts: new Map(), intervals: new Map(), overlaps: new Map() };
  some.set(name, made);
  return made;
}

/** A text that begins like that and a value that is that are two keys of one fact. */
function nameIn(key: Exclude<WakeKey, { on: 'range' }>): string {
  if (key.on === 'fact') return '?';
  return key.on === 'text' ? `~${key.name}` : key.name;
}
