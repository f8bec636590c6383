import type { FactView } from './fact-view.ts';
import { NameLists, type NameSpace } from './name-lists.ts';
import { nowhere, type Scales } from './scales.ts';
import { type Also, type Listed, mostAlso, type Sign, SignLists } from './sign-lists.ts';
import { SpanIndex } from './span-index.ts';
import type { WakeKey } from './wake-keys.ts';
import { WokenRules } from './woken-rules.ts';

/** A rule's sign, given by keys of which a machine must show one. */
export interface KeyedSign extends Pick<Sign, 'position' | 'isNeeded'> {
  readonly keys: readonly WakeKey[];
  /** The same of conditions that must hold besides, the rarest first; the first that fit beside a sign go with it. */
  readonly also: readonly (readonly WakeKey[])[];
}

/** What the signs ask of one fact. */
interface AskedFact {
  /** Its scales: from this one to before that. */
  readonly from: number;
  readonly until: number;
  readonly names: NameSpace | undefined;
}

/** Rules by what a machine shows. */
export class WakeIndex {
  readonly #scales: Scales;
  readonly #spans: SpanIndex;
  readonly #names: NameLists;
  readonly #facts = new Map<string, AskedFact>();
  readonly #folders = new Map<string, NameSpace>();
  readonly #lists: SignLists;

  constructor(signs: readonly KeyedSign[], scales: Scales) {
    this.#scales = scales;
    this.#spans = new SpanIndex(scales.counts);
    this.#names = new NameLists(this.#spans.count);
    const texts = new Map<string, NameSpace>();
    const listsOf = (key: WakeKey) => {
      if (key.on === 'span') return this.#spans.listsOf(key.span);
      const space = key.on === 'text' ? this.#space(texts, key.fact) : this.#space(this.#folders, key.folder);
      return [this.#names.at(space, key.name)];
    };
    const listed = signs.flatMap(({ position, isNeeded, keys, also }) => {
      const sign: Sign = { position, isNeeded, also: besides(also, listsOf) };
      return keys.flatMap(key => listsOf(key).map((list): Listed => [list, sign]));
    });
    this.#names.seal();
    this.#lists = new SignLists(this.#names.count, listed, scales);
    const { byFact } = scales;
    for (const fact of new Set([...byFact.keys(), ...texts.keys()])) {
      const { from, until } = byFact.get(fact) ?? { from: 0, until: 0 };
      this.#facts.set(fact, { from, until, names: texts.get(fact) });
    }
  }

  /** What a machine wakes. */
  wokenBy(view: FactView): WokenRules {
    const shown: number[] = [];
    for (const fact of view.names) {
      const asked = this.#facts.get(fact);
      if (!asked) continue;
      const value = view.facts[fact]!;
      for (let scale = asked.from; scale < asked.until; scale++) {
        const place = this.#scales.lay(scale, value, view);
        if (place !== nowhere) this.#spans.addAround(scale, place, shown);
      }
      if (asked.names && typeof value === 'string') this.#names.addOf(asked.names, value, 0, shown);
    }
    this.#scales.hasLaid(view);
    for (const [folder, files] of view.filesByFolder) {
      const space = this.#folders.get(folder);
      if (space) for (const { factName, nameAt } of files) this.#names.addOf(space, factName, nameAt, shown);
    }
    return new WokenRules(this.#lists, shown, view);
  }

  #space(spaces: Map<string, NameSpace>, of: string): NameSpace {
    let space = spaces.get(of);
    if (!space) spaces.set(of, (space = this.#names.makeSpace()));
    return space;
  }
}

/** Conditions as they stand beside a sign, as far as they fit. */
function besides(
  conditions: readonly (readonly WakeKey[])[],
  listsOf: (key: WakeKey) => readonly number[],
): readonly Also[] {
  const found: Also[] = [];
  for (const keys of conditions) {
    if (found.length === mostAlso) break;
    const [key, other = key, ...more] = keys;
    if (!key || !other || more.length > 0) continue;
    if (key.on === 'span' && key === other) {
      found.push({ on: 'span', span: key.span });
      continue;
    }
    const [first, second] = [listsOf(key), listsOf(other)];
    if (first.length === 1 && second.length === 1)
      found.push({ on: 'lists', lists: [first[0]!, second[0]!] });
  }
  return found;
}
