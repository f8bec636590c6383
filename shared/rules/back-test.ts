import type { Facts } from '../facts/facts.ts';
import { compileRules, type RuleSet } from './compile-rules.ts';
import type { CompiledRule } from './compiled-rule.ts';
import type { Outcome } from './decision-table.ts';
import type { Evaluation } from './evaluation.ts';
import { type FactView, viewFacts } from './fact-view.ts';
import { positionsPointedAt } from './match-rules.ts';
import type { PreparedRule } from './prepared-rule.ts';

/** Facts that were once reported. */
export interface FactRecord {
  readonly id: string;
  readonly facts: Facts;
}

/** One record that a rule met, explained. */
export interface BackTestExample {
  readonly id: string;
  readonly evaluation: Evaluation;
}

type Counted = Exclude<Outcome, 'failed'>;

/** What a rule would have come to. */
export interface RuleBackTest {
  readonly rule: CompiledRule;
  readonly matched: number;
  readonly nearMisses: number;
  readonly unknown: number;
  /** The first records of each kind. */
  readonly examples: Readonly<Record<Counted, readonly BackTestExample[]>>;
}

export interface BackTestResult {
  readonly records: number;
  /** Records that at least one rule matched. */
  readonly matched: number;
  /** Rules that met a record, in the order in which they are tried; a single rule is always there. */
  readonly rules: readonly RuleBackTest[];
}

export interface BackTestOptions {
  /** How many records of each kind are explained for each rule. */
  readonly mostExamples?: number;
  /** Told the number of records done, every so often and at the end. */
  readonly onProgress?: (records: number) => void;
}

const progressEvery = 1000;

interface Tally {
  readonly counts: Record<Counted, number>;
  readonly examples: Record<Counted, BackTestExample[]>;
}

/**
 * Tries rules on facts that were once reported, one record after another. A single rule is decided on every record; of
 * a set, as in matching, only the rules that a record points at.
 */
export class BackTest {
  readonly #set: RuleSet;
  readonly #select: (view: FactView) => readonly number[];
  readonly #mostExamples: number;
  readonly #tallies = new Map<PreparedRule, Tally>();
  #records = 0;
  #matched = 0;

  constructor(target: RuleSet | CompiledRule, { mostExamples = 5 }: BackTestOptions = {}) {
    this.#mostExamples = mostExamples;
    if ('signs' in target) {
      this.#set = target;
      this.#select = view => positionsPointedAt(target, view);
      return;
    }
    this.#set = compileRules([target]);
    this.#select = () => [0];
    this.#tallies.set(this.#set.rules[0]!, emptyTally());
  }

  add({ id, facts }: FactRecord): void {
    const view = viewFacts(facts);
    const { rules, decisions } = this.#set;
    let isMatched = false;
    for (const position of this.#select(view)) {
      const outcome = decisions.outcomeOf(position, view);
      if (outcome === 'failed') continue;
      if (outcome === 'matched') isMatched = true;
      this.#count(rules[position]!, outcome, id, view);
    }
    this.#records++;
    if (isMatched) this.#matched++;
  }

  /** Records so far that at least one rule matched. */
  get matched(): number {
    return this.#matched;
  }

  get result(): BackTestResult {
    const rules = this.#set.rules.flatMap(one => {
      const tally = this.#tallies.get(one);
      return tally ? resultOf(one.rule, tally) : [];
    });
    return { records: this.#records, matched: this.#matched, rules };
  }

  #count(one: PreparedRule, outcome: Counted, id: string, view: FactView): void {
    const tally = this.#tallies.get(one) ?? emptyTally();
    this.#tallies.set(one, tally);
    tally.counts[outcome]++;
    const examples = tally.examples[outcome];
    if (examples.length < this.#mostExamples) examples.push({ id, evaluation: one.explain(view) });
  }
}

/** Tries rules on all records of a source that is read one by one. */
export function backTest(
  target: RuleSet | CompiledRule,
  records: Iterable<FactRecord>,
  options: BackTestOptions = {},
): BackTestResult {
  const test = new BackTest(target, options);
  let done = 0;
  for (const record of records) {
    test.add(record);
    if (++done % progressEvery === 0) options.onProgress?.(done);
  }
  if (done % progressEvery !== 0) options.onProgress?.(done);
  return test.result;
}

const emptyTally = (): Tally => ({
  counts: { matched: 0, near: 0, unknown: 0 },
  examples: { matched: [], near: [], unknown: [] },
});

const resultOf = (rule: CompiledRule, { counts, examples }: Tally): RuleBackTest => ({
  rule,
  matched: counts.matched,
  nearMisses: counts.near,
  unknown: counts.unknown,
  examples: { matched: [...examples.matched], near: [...examples.near], unknown: [...examples.unknown] },
});
