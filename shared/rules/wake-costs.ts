import type { Span } from './scales.ts';
import { OverlapCounter } from './span-index.ts';
import { textOfKey, type WakeChoice, type WakeKey } from './wake-keys.ts';

/** How many rules each key would wake among those that have these keys. */
export class WakeCosts {
  readonly #names = new Map<string, number>();
  readonly #spans = new Map<number, Span[]>();
  readonly #overlaps = new Map<number, OverlapCounter>();

  constructor(rules: Iterable<readonly WakeChoice[]>) {
    for (const choices of rules) for (const { keys } of choices) for (const key of keys) this.#add(key);
    for (const [scale, spans] of this.#spans) this.#overlaps.set(scale, new OverlapCounter(spans));
  }

  of(keys: readonly WakeKey[]): number {
    let sum = 0;
    for (const key of keys)
      sum +=
        key.on === 'span'
          ? this.#overlaps.get(key.span.scale)!.count(key.span)
          : this.#names.get(textOfKey(key))!;
    return sum;
  }

  #add(key: WakeKey): void {
    if (key.on !== 'span') {
      const name = textOfKey(key);
      this.#names.set(name, (this.#names.get(name) ?? 0) + 1);
    } else if (this.#spans.get(key.span.scale)?.push(key.span) === undefined) {
      this.#spans.set(key.span.scale, [key.span]);
    }
  }
}
