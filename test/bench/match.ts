import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { Facts } from '../../shared/facts/facts.ts';
import { backTest } from '../../shared/rules/back-test.ts';
import { compileRules, type RuleSet } from '../../shared/rules/compile-rules.ts';
import { viewFacts } from '../../shared/rules/fact-view.ts';
import { matchRules, positionsPointedAt } from '../../shared/rules/match-rules.ts';
import { compilePattern } from '../../shared/rules/pattern/linear-pattern.ts';
import { type Figure, medianMs } from './figure.ts';
import { benchHealthyBackTest } from './healthy-back-test.ts';
import type { MatchWork } from './match-process.ts';
import { buildFleet, reportCount } from './realistic-rules.ts';

/** So often every size is measured in turn; the least median counts, since whatever else the machine does only adds. */
const turns = 25;

/** How long it takes to match one report, to compile a catalogue and to try a draft on what was reported before. */
export async function* benchMatch(): AsyncGenerator<Figure> {
  const { rules, reports } = buildFleet(10_000, reportCount);
  const sizes = reports.map(facts => JSON.stringify(facts).length).sort((a, b) => a - b);
  yield { figure: 'facts-size-median', value: sizes[reportCount >> 1]!, unit: 'bytes' };
  yield { figure: 'compile-10000', value: medianMs(5, () => compileRules(rules)), unit: 'ms', limit: 1000 };
  const found = yield* benchSizes();
  const set = compileRules(rules);
  yield* benchNaive(set, reports, found);
  yield* benchBackTest(set, reports);
  yield* benchHealthyBackTest();
  yield* benchHostile();
}

/**
 * Three sizes of rule sets, each in a process of its own, as a server has one, and measured in turn, so that noise falls
 * on all of them. `match` is what intake does with a report, with the reasons that it keeps; `found` is without them.
 */
async function* benchSizes(): AsyncGenerator<Figure, number> {
  const [small, medium, large] = [1000, 10_000, 100_000].map(
    size => new MatchProcess(size),
  ) as [MatchProcess, MatchProcess, MatchProcess];
  try {
    const least = new Map<string, number>();
    for (let turn = 0; turn < turns; turn++)
      for (const one of [small, medium, large])
        for (const work of ['intake', 'found', 'intake-unexplained', 'all-reasons'] as const) {
          const key = `${one.size} ${work}`;
          least.set(key, Math.min(least.get(key) ?? Infinity, await one.measureMs(work)));
        }
    const msOf = ({ size }: MatchProcess, work: MatchWork) => least.get(`${size} ${work}`)!;
    for (const one of [small, medium, large]) {
      const limit = one === medium ? { limit: 0.1 } : {};
      yield { figure: `match-${one.size}-median`, value: msOf(one, 'intake'), unit: 'ms', ...limit };
      yield { figure: `match-${one.size}-found-median`, value: msOf(one, 'found'), unit: 'ms' };
      yield { figure: `match-${one.size}-unexplained-median`, value: msOf(one, 'intake-unexplained'), unit: 'ms' };
      yield { figure: `match-${one.size}-all-reasons-median`, value: msOf(one, 'all-reasons'), unit: 'ms' };
    }
    for (const [few, many] of [[small, medium], [medium, large]] as const) {
      const times = (work: MatchWork) => ratio(msOf(many, work), msOf(few, work));
      yield { figure: `ten-times-${few.size}`, value: times('intake'), unit: 'ratio', limit: 2 };
      yield { figure: `ten-times-${few.size}-found`, value: times('found'), unit: 'ratio' };
      yield { figure: `ten-times-${few.size}-unexplained`, value: times('intake-unexplained'), unit: 'ratio' };
    }
    return msOf(medium, 'found');
  } finally {
    for (const one of [small, medium, large]) one.end();
  }
} // prettier-ignore

/** A process that holds one rule set. */
class MatchProcess {
  readonly size: number;
  readonly #child: ChildProcess;
  readonly #ended = new AbortController();

  constructor(size: number) {
    this.size = size;
    this.#child = fork(new URL('match-process.ts', import.meta.url), [String(size)]);
    this.#child.once('exit', code =>
      this.#ended.abort(new Error(`the process of ${size} rules ended with ${code}`)),
    );
  }

  async measureMs(work: MatchWork): Promise<number> {
    this.#child.send(work);
    const [ms] = await once(this.#child, 'message', { signal: this.#ended.signal });
    return Number(ms);
  }

  end(): void {
    this.#child.kill();
  }
}

/** The same rules, one after another, must come to the same. */
function* benchNaive(set: RuleSet, reports: readonly Facts[], ms: number): Generator<Figure> {
  const scan = (facts: Facts) => {
    const view = viewFacts(facts);
    return set.rules.filter((_, position) => set.decisions.verdictOf(position, view) === 'held');
  };
  let [matched, woken] = [0, 0];
  for (const facts of reports) {
    const found = matchRules(set, facts).matches.map(match => match.rule.id);
    assert.deepEqual(
      found,
      scan(facts).map(one => one.rule.id),
    );
    matched += found.length;
    woken += positionsPointedAt(set, viewFacts(facts)).length;
  }
  yield { figure: 'matches-per-report', value: matched / reports.length, unit: 'count' };
  yield { figure: 'decided-per-report', value: Math.round(woken / reports.length), unit: 'count' };
  let next = 0;
  const naiveMs = medianMs(40, () => scan(reports[next++ % reports.length]!));
  yield { figure: 'naive-10000-median', value: naiveMs, unit: 'ms' };
  yield { figure: 'naive-to-indexed', value: ratio(naiveMs, ms), unit: 'ratio' };
}

/** At least 20,000 records per second: so many take at most a second. The texts are read, too. */
function* benchBackTest(set: RuleSet, reports: readonly Facts[]): Generator<Figure> {
  const texts = reports.map(facts => JSON.stringify(facts));
  function* records() {
    for (let i = 0; i < 20_000; i++)
      yield { id: String(i), facts: JSON.parse(texts[i % texts.length]!) as Facts };
  }
  const draft = set.rules[0]!.rule;
  yield { figure: 'back-test-20000', value: medianMs(5, () => backTest(draft, records())), unit: 'ms', limit: 1000 };
  yield { figure: 'back-test-20000-all-rules', value: medianMs(1, () => backTest(set, records())), unit: 'ms' };
} // prettier-ignore

/** Ten times the text may cost ten times as much, not a hundred times. */
function* benchHostile(): Generator<Figure> {
  for (const [name, hostile] of [
    ['nested', '^(a+)+$'],
    ['overlapping', '^(a|a|aa)*$'],
  ] as const) {
    const compiled = compilePattern(hostile);
    assert.ok('pattern' in compiled);
    const msOf = (length: number) => medianMs(20, () => compiled.pattern.matches(`${'a'.repeat(length)}!`));
    const [short, long] = [msOf(5000), msOf(50_000)];
    yield { figure: `hostile-${name}-50000`, value: long, unit: 'ms' };
    yield { figure: `hostile-${name}-ten-times`, value: ratio(long, short), unit: 'ratio', limit: 20 };
  }
}

const ratio = (a: number, b: number) => Math.round((a / b) * 100) / 100;
