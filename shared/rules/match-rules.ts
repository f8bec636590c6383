import type { Facts } from '../facts/facts.ts';
import type { Probe } from '../wire/answer.ts';
import type { RuleSet } from './compile-rules.ts';
import type { CompiledRule } from './compiled-rule.ts';
import type { Evaluation } from './evaluation.ts';
import { type FactView, viewFacts } from './fact-view.ts';
import type { PreparedRule } from './prepared-rule.ts';
import { distinctProbes } from './probes.ts';
import { canOnlyBeNear, positionOf } from './sign-lists.ts';
import type { WokenRules } from './woken-rules.ts';

/** A rule on one machine, explained when somebody asks why. */
export class Match {
  readonly #prepared: PreparedRule;
  readonly #view: FactView;
  #evaluation: Evaluation | undefined;

  constructor(prepared: PreparedRule, view: FactView) {
    this.#prepared = prepared;
    this.#view = view;
  }

  get rule(): CompiledRule {
    return this.#prepared.rule;
  }

  get evaluation(): Evaluation {
    return (this.#evaluation ??= this.#prepared.explain(this.#view));
  }

  /** What could settle it, without making its reasons. */
  get probes(): readonly Probe[] {
    return this.#prepared.probesOn(this.#view);
  }
}

interface Undecided {
  readonly near: readonly Match[];
  readonly unknown: readonly Match[];
}

/** How many near misses and how many open rules are listed, unless the caller wants fewer. */
const mostListed = 16;
/** Of the rules that signs point at, so many are looked at for what is near or unknown: the best. */
const mostPointedAt = 128;

/** Which known issues a machine shows; each list is best first. */
export class MatchResult {
  readonly matches: readonly Match[];
  readonly #ruleSet: RuleSet;
  readonly #view: FactView;
  readonly #woken: WokenRules;
  readonly #most: number;
  #undecided: Undecided | undefined;

  constructor(ruleSet: RuleSet, view: FactView, most = mostListed) {
    this.#most = most;
    this.#ruleSet = ruleSet;
    this.#view = view;
    this.#woken = ruleSet.signs.wokenBy(view);
    const held: number[] = [];
    for (const some of [ruleSet.always, this.#woken.matchable])
      for (const position of some)
        if (ruleSet.decisions.verdictOf(position, view) === 'held') held.push(position);
    this.matches = inOrder(held).map(position => new Match(ruleSet.rules[position]!, view));
  }

  /** Failed by one single condition. */
  get nearMisses(): readonly Match[] {
    return this.#others.near;
  }

  /** Not decided yet. */
  get unknown(): readonly Match[] {
    return this.#others.unknown;
  }

  /** Questions that could decide them. */
  get probes(): readonly Probe[] {
    return distinctProbes(this.unknown.flatMap(match => match.probes));
  }

  get #others(): Undecided {
    return (this.#undecided ??= findOthers(this.#ruleSet, this.#woken, this.#view, this.#most));
  }
}

/**
 * Matches a machine against all rules. No match is missed. A rule without any telling sign of it on the machine is
 * neither near nor unknown; those that have one are looked for when they are asked for, at most so many of each: the
 * fewer, the less is looked at.
 */
export const matchRules = (ruleSet: RuleSet, facts: Facts, mostOthers?: number): MatchResult =>
  new MatchResult(ruleSet, viewFacts(facts), mostOthers);

/** Where the rules stand that something on the machine points at, all matches among them; best first, each once. */
export const positionsPointedAt = ({ always, signs }: RuleSet, view: FactView): readonly number[] =>
  inOrder([...always, ...signs.wokenBy(view).undecided.map(positionOf)]);

/** Best first, each once. */
function inOrder(positions: readonly number[]): readonly number[] {
  if (positions.length < 2) return positions;
  const sorted = new Int32Array(positions).sort();
  const once: number[] = [];
  for (let i = 0; i < sorted.length; i++) if (i === 0 || sorted[i] !== sorted[i - 1]) once.push(sorted[i]!);
  return once;
}

function findOthers(
  { rules, decisions }: RuleSet,
  woken: WokenRules,
  view: FactView,
  most: number,
): Undecided {
  const near: Match[] = [];
  const unknown: Match[] = [];
  let looked = 0;
  let last = -1;
  for (const pointer of inOrder(woken.undecided)) {
    const position = positionOf(pointer);
    const isWanted = near.length < most || (unknown.length < most && !canOnlyBeNear(pointer));
    if (!isWanted || position === last) continue;
    last = position;
    if (looked++ === mostPointedAt) break;
    const outcome = decisions.outcomeOf(position, view);
    const found = outcome === 'near' ? near : outcome === 'unknown' ? unknown : undefined;
    if (found && found.length < most) found.push(new Match(rules[position]!, view));
  }
  return { near, unknown };
}
