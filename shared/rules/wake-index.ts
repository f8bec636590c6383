import type { FactView } from './fact-view.ts';
import { NameTree } from './name-tree.ts';
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

/** Signs by names, as numbers. */
type NameIndex = NameTree<number[]>;

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
        if (key.on === 'text') addNamed(texts, key.fact, key.name, sign);
        else if (key.on === 'file') addNamed(this.#folders, key.folder, key.name, sign);
      }
    const { byFact } = scales;
    for (const fact of new Set([...byFact.keys(), ...texts.keys()]))
      this.#facts.set(fact, { scales: byFact.get(fact) ?? [], names: texts.get(fact) });
  }

  /** What a machine wakes. */
  wokenBy(view: FactView): WokenRules {
    const woken = new WokenRules(this.#scales, view);
    const add = (signs: readonly number[]) => woken.add(signs);
    const laid: number[] = [];
    const texts: { readonly names: NameIndex; readonly text: string }[] = [];
    for (const fact of view.names) {
      const asked = this.#facts.get(fact);
      if (!asked) continue;
      const value = view.facts[fact]!;
      for (const scale of asked.scales)
        if (this.#scales.lay(scale, value, view) !== nowhere) laid.push(scale);
      if (asked.names && typeof value === 'string') texts.push({ names: asked.names, text: value });
    }
    this.#scales.hasLaid(view);
    // Whether a sign can match takes the places of other facts, so only now is the first one looked up.
    for (const scale of laid) this.#spans.addAround(scale, this.#scales.placeOf(scale, view), woken);
    for (const { names, text } of texts) names.forEachOf(text, add);
    for (const [folder, files] of view.filesByFolder) {
      const names = this.#folders.get(folder);
      if (names) for (const { factName, nameAt } of files) names.forEachOf(factName, add, nameAt);
    }
    return woken;
  }
}

function addNamed(indexes: Map<string, NameIndex>, of: string, name: string, sign: Sign): void {
  let index = indexes.get(of);
  if (!index) indexes.set(of, (index = new NameTree()));
  index.at(name, () => []).push(...numbersOf(sign));
}
