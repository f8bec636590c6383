import type { WakeCosts } from './wake-costs.ts';
import type { KeyedSign } from './wake-index.ts';
import type { WakeChoice } from './wake-keys.ts';

/** A sign that more rules share tells little, unless a rule has none that is rarer. */
const rare = 16;

/**
 * Each telling sign of a rule by itself: its rarest, without which it cannot match, and all others that are rare, so that
 * a near miss is seen and an open question is asked. The other conditions go with each, the rarest first.
 */
export function signsOf(
  position: number,
  choices: readonly WakeChoice[],
  costs: WakeCosts,
): readonly KeyedSign[] {
  const byCost = choices.map(one => ({ ...one, cost: costs.of(one.keys) })).sort((a, b) => a.cost - b.cost);
  // Two of one part that failed would count as two conditions, and the rule may yet be near.
  const rarest = byCost.filter(({ part }, index) => byCost.findIndex(one => one.part === part) === index);
  return byCost
    .filter(({ cost }, index) => index === 0 || cost <= rare)
    .map(({ keys, part }, index) => ({
      position,
      keys,
      isNeeded: index === 0,
      also: rarest.filter(one => one.part !== part).map(one => one.keys),
    }));
}
