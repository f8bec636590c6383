import { foldName } from '../facts/glob.ts';
import { BeginningTree } from './beginning-tree.ts';
import type { FactView } from './fact-view.ts';
import { nowhere, type Scales, type Span } from './scales.ts';
import { SpanIndex } from './span-index.ts';
import type { WakeKey } from './wake-keys.ts';
import { numbersOf, WokenRules } from './woken-rules.ts';

/** Keys of which a machine must show one before it wakes a rule, which is given by its position. */
export interface Sign {
  readonly position: number;
  readonly keys: readonly WakeKey[];
  /** What must be met besides before the rule can match; `no-match` where another sign of the rule tells that. */
  readonly second: Span | 'nothing' | 'no-match';
}

/** What the signs ask of one fact. */
interface AskedFact {
  readonly scales: readonly number[];
  readonly names: NameIndex | undefined;
}

/** Rules by what a machine shows. */
export class WakeIndex {
  readonly #scales: Scales;
  readonly #spans: SpanIndex;
  readonly #facts = new Map<string, AskedFact>();
  readonly #folders = new Map<string, NameIndex>();

  constructor(signs: readonly Sign[], scales: Scales) {
    this.#scales = scales;
    this.#spans = new SpanIndex(scales.counts, signs);
    const texts = new Map<string, NameIndex>();
    for (const sign of signs)
      for (const key of sign.keys) {
        if (key.on === 'text') namesIn(texts, key.fact).add(key.name, sign);
        else if (key.on === 'file') namesIn(this.#folders, key.folder).add(key.name, sign);
      }
    const { byFact } = scales;
    for (const fact of new Set([...byFact.keys(), ...texts.keys()]))
      this.#facts.set(fact, { scales: byFact.get(fact) ?? [], names: texts.get(fact) });
  }

  /** What a machine wakes. */
  wokenBy(view: FactView): WokenRules {
    const woken = new WokenRules(this.#scales, view);
    for (const [fact, value] of view.values) {
      const asked = this.#facts.get(fact);
      if (!asked) continue;
      for (const scale of asked.scales) {
        const place = this.#scales.placeOfValue(scale, value, view);
        if (place !== nowhere) this.#spans.addAround(scale, place, woken);
      }
      if (asked.names && typeof value === 'string') asked.names.addNamed(foldName(value), woken);
    }
    for (const [folder, files] of view.filesByFolder) {
      const names = this.#folders.get(folder);
      if (names) for (const file of files) names.addNamed(file.foldedName, woken);
    }
    return woken;
  }
}

function namesIn(indexes: Map<string, NameIndex>, name: string): NameIndex {
  const known = indexes.get(name);
  if (known) return known;
  const made = new NameIndex();
  indexes.set(name, made);
  return made;
}

/** Signs by names, whole or by how they begin. */
class NameIndex {
  readonly #whole = new Map<string, number[]>();
  readonly #beginnings = new BeginningTree<number[]>();

  add(name: string, sign: Sign): void {
    this.#at(name).push(...numbersOf(sign));
  }

  addNamed(name: string, woken: WokenRules): void {
    const signs = this.#whole.get(name);
    if (signs) woken.add(signs);
    this.#beginnings.forEachOf(name, some => woken.add(some));
  }

  #at(name: string): number[] {
    if (name.endsWith('*')) return this.#beginnings.at(name.slice(0, -1), () => []);
    const known = this.#whole.get(name);
    if (known) return known;
    const made: number[] = [];
    this.#whole.set(name, made);
    return made;
  }
}
