import { type Verdict, verdictOfAll, verdictOfAny, verdictOfNot } from '../facts/verdict.ts';
import type { Probe } from '../wire/answer.ts';
import type { Condition } from './compiled-rule.ts';
import { leafDecisionOf } from './decision-table.ts';
import type { FactView } from './fact-view.ts';
import { keyOfProbe, maxProbes, probeOf } from './probes.ts';
import type { Scales } from './scales.ts';

/** What could still settle a rule on a machine; nothing when it is settled. */
export type OpenQuestions = (view: FactView) => readonly Probe[];

/** A probe whose key was made before any machine came. */
interface KeyedProbe {
  readonly key: string;
  readonly probe: Probe;
}

/** Adds what could settle a condition, and tells what it comes to. */
type Ask = (view: FactView, open: KeyedProbe[]) => Verdict;

/** Makes a rule ready to be asked for its open questions without giving a reason: the same as its evaluation gives. */
export function openQuestionsOf(condition: Condition, scales: Scales): OpenQuestions {
  const ask = askOf(condition, scales, false);
  return view => {
    const open: KeyedProbe[] = [];
    ask(view, open);
    const first = open.filter(({ key }, index) => open.findIndex(one => one.key === key) === index);
    return first.map(({ key }) => open.findLast(one => one.key === key)!.probe).slice(0, maxProbes);
  };
}

function askOf(condition: Condition, scales: Scales, isNegated: boolean): Ask {
  if (condition.kind === 'not') return askOf(condition.condition, scales, !isNegated);
  if (!('conditions' in condition)) {
    const decide = leafDecisionOf(condition, scales);
    const probe = probeOf(condition);
    const keyed = probe && { key: keyOfProbe(probe), probe };
    return (view, open) => {
      const verdict = decide(view);
      if (verdict === 'unknown' && keyed) open.push(keyed);
      return isNegated ? verdictOfNot(verdict) : verdict;
    };
  }
  const parts = condition.conditions.map(one => askOf(one, scales, isNegated));
  const join = (condition.kind === 'all') === isNegated ? verdictOfAny : verdictOfAll;
  return (view, open) => {
    const before = open.length;
    const verdict = join(parts.map(part => part(view, open)));
    // Whatever is open within a group that is settled settles nothing.
    if (verdict !== 'unknown') open.length = before;
    return verdict;
  };
}
