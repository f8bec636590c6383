import type { CompiledRule } from './compiled-rule.ts';
import { type Interval, OverlapCounter } from './interval-index.ts';
import { compareRank, type PreparedRule, prepareRule } from './prepared-rule.ts';
import { WakeIndex } from './wake-index.ts';
import { type WakeKey, wakeChoicesOf } from './wake-keys.ts';

/** Rules by what a machine must show before they can match. */
export interface RuleSet {
  /** Best first, so that no match needs sorting. */
  readonly rules: readonly PreparedRule[];
  readonly index: WakeIndex;
  /** Positions of rules that nothing certain can be said about. */
  readonly always: readonly number[];
}

/**
 * Beside its rarest condition a rule is woken by others as rare as this, so that a near miss is seen and an open
 * question is asked.
 */
const rare = 16;

/** Sorts rules by their most telling condition, so that ten thousand cost little more than ten. */
export function compileRules(rules: readonly CompiledRule[]): RuleSet {
  const prepared = rules.map(prepareRule).sort(compareRank);
  const choices = prepared.map(({ rule }) => wakeChoicesOf(rule.when));
  const costOf = costsOf(choices.flat(2));
  const index = new WakeIndex();
  const always: number[] = [];
  for (const [position, lists] of choices.entries()) {
    const [rarest, ...others] = lists
      .map(keys => ({ keys, cost: keys.reduce((sum, key) => sum + costOf(key), 0) }))
      .sort((a, b) => a.cost - b.cost);
    if (!rarest) {
      always.push(position);
      continue;
    }
    for (const key of rarest.keys) index.add(key, position);
    for (const { keys, cost } of others) if (cost <= rare) for (const key of keys) index.add(key, position);
  }
  index.seal();
  return { rules: prepared, index, always };
}

/** How many rules a key would wake. */
function costsOf(keys: readonly WakeKey[]): (key: WakeKey) => number {
  const counts = new Map<string, number>();
  const intervals = new Map<string, Omit<Interval, 'position'>[]>();
  for (const key of keys) {
    const name = nameOf(key);
    if (key.on !== 'range') counts.set(name, (counts.get(name) ?? 0) + 1);
    else if (intervals.get(name)?.push(key) === undefined) intervals.set(name, [key]);
  }
  const overlaps = new Map([...intervals].map(([name, some]) => [name, new OverlapCounter(some)]));
  return key => (key.on === 'range' ? overlaps.get(nameOf(key))!.count(key) : counts.get(nameOf(key))!);
}

function nameOf(key: WakeKey): string {
  switch (key.on) {
    case 'file':
      return `${key.folder}|${key.name}`;
    case 'fact':
      return `? ${key.fact}`;
    case 'value':
      return `= ${key.fact} ${key.canonical}`;
    case 'range':
      return `${key.kind} ${key.fact}`;
    default:
      return key satisfies never;
  }
}
