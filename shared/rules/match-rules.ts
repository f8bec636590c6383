import type { Facts } from '../facts/facts.ts';
import type { Probe } from '../wire/answer.ts';
import type { RuleSet } from './compile-rules.ts';
import type { CompiledRule } from './compiled-rule.ts';
import type { Evaluation } from './evaluation.ts';
import { type FactView, viewFacts } from './fact-view.ts';
import { decideRule, type PreparedRule } from './prepared-rule.ts';
import { distinctProbes } from './probes.ts';
import type { WakeIndex } from './wake-index.ts';

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
}

interface Undecided {
  readonly near: readonly Match[];
  readonly unknown: readonly Match[];
}

const mostShown = 16;
/** Of the rules that signs point at, so many are looked at: the best. */
const mostPointedAt = 128;

/** Which known issues a machine shows; each list is best first. */
export class MatchResult {
  readonly matches: readonly Match[];
  readonly #ruleSet: RuleSet;
  readonly #view: FactView;
  #undecided: Undecided | undefined;

  constructor(ruleSet: RuleSet, view: FactView) {
    this.#ruleSet = ruleSet;
    this.#view = view;
    this.matches = rulesThatMayMatch(ruleSet, view)
      .filter(one => decideRule(one, view) === 'matched')
      .map(one => new Match(one, view));
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
    return distinctProbes(this.unknown.flatMap(match => match.evaluation.probes));
  }

  get #others(): Undecided {
    return (this.#undecided ??= findOthers(this.#ruleSet, this.#view));
  }
}

/**
 * Matches a machine against all rules. No match is missed. A rule without any telling sign of it on the machine is
 * neither near nor unknown; those that have one are looked for when they are asked for.
 */
export const matchRules = (ruleSet: RuleSet, facts: Facts): MatchResult =>
  new MatchResult(ruleSet, viewFacts(facts));

/** All rules that can match, and a few others; best first, each once. */
export const rulesThatMayMatch = ({ rules, mayMatch }: RuleSet, view: FactView) =>
  wokenBy([mayMatch], rules, view);

/** The rules that something on the machine points at, matches among them; best first, each once. */
export const rulesPointedAt = ({ rules, mayMatch, signs }: RuleSet, view: FactView) =>
  wokenBy([mayMatch, signs], rules, view);

function findOthers({ rules, signs }: RuleSet, view: FactView): Undecided {
  const near: Match[] = [];
  const unknown: Match[] = [];
  for (const one of wokenBy([signs], rules, view).slice(0, mostPointedAt)) {
    const outcome = decideRule(one, view);
    if (outcome === 'near' && near.length < mostShown) near.push(new Match(one, view));
    else if (outcome === 'unknown' && unknown.length < mostShown) unknown.push(new Match(one, view));
  }
  return { near, unknown };
}

function wokenBy(
  indexes: readonly WakeIndex[],
  rules: readonly PreparedRule[],
  view: FactView,
): readonly PreparedRule[] {
  const positions: number[] = [];
  for (const index of indexes) index.addWoken(view, positions);
  const woken: PreparedRule[] = [];
  let last = -1;
  for (const position of Uint32Array.from(positions).sort()) {
    if (position !== last) woken.push(rules[position]!);
    last = position;
  }
  return woken;
}
