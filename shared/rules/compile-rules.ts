import type { CompiledRule } from './compiled-rule.ts';
import { type WakeKey, wakeChoicesOf } from './wake-keys.ts';

/** Rules by what a machine must show before they can match. */
export interface RuleSet {
  readonly rules: readonly CompiledRule[];
  /** Positions of rules by folder (empty for facts) and key. */
  readonly byKey: ReadonlyMap<string, ReadonlyMap<string, readonly number[]>>;
  /** Positions of rules that nothing certain can be said about. */
  readonly always: readonly number[];
}

/** Beside its rarest condition a rule is woken by others as rare as this, so that a near miss is seen. */
const rare = 16;

/** Sorts rules by their most telling condition, so that ten thousand cost little more than ten. */
export function compileRules(rules: readonly CompiledRule[]): RuleSet {
  const choices = rules.map(rule => wakeChoicesOf(rule.when));
  const counts = countKeys(choices);
  const costOf = (keys: readonly WakeKey[]) =>
    keys.reduce((sum, { folder, key }) => sum + counts.get(folder)!.get(key)!, 0);

  const byKey = new Map<string, Map<string, number[]>>();
  const always: number[] = [];
  for (const [index, lists] of choices.entries()) {
    const [rarest, ...others] = lists
      .map(keys => ({ keys, cost: costOf(keys) }))
      .toSorted((a, b) => a.cost - b.cost);
    if (!rarest) {
      always.push(index);
      continue;
    }
    const waking = [rarest, ...others.filter(other => other.cost <= rare)].flatMap(one => one.keys);
    for (const { folder, key } of waking) addTo(byKey, folder, key, index);
  }
  return { rules, byKey, always };
}

function countKeys(choices: readonly (readonly (readonly WakeKey[])[])[]): Map<string, Map<string, number>> {
  const counts = new Map<string, Map<string, number>>();
  for (const { folder, key } of choices.flat(2)) {
    const keys = counts.get(folder) ?? new Map<string, number>();
    counts.set(folder, keys.set(key, (keys.get(key) ?? 0) + 1));
  }
  return counts;
}

function addTo(byKey: Map<string, Map<string, number[]>>, folder: string, key: string, index: number): void {
  const keys = byKey.get(folder) ?? new Map<string, number[]>();
  byKey.set(folder, keys);
  const positions = keys.get(key);
  if (!positions) keys.set(key, [index]);
  else if (positions.at(-1) !== index) positions.push(index);
}
