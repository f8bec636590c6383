import assert from 'node:assert/strict';
import { explainedConditions } from '../../server/features/known-issues/explained-conditions.ts';
import type { Facts } from '../../shared/facts/facts.ts';
import { backTest } from '../../shared/rules/back-test.ts';
import { compileRules, type RuleSet } from '../../shared/rules/compile-rules.ts';
import { viewFacts } from '../../shared/rules/fact-view.ts';
import { type MatchResult, matchRules, positionsPointedAt } from '../../shared/rules/match-rules.ts';
import { compilePattern } from '../../shared/rules/pattern/linear-pattern.ts';
import { type Figure, medianMs } from './figure.ts';
import { benchHealthyBackTest } from './healthy-back-test.ts';
import { buildFleet } from './realistic-rules.ts';

const reportCount = 500;
const rounds = 1500;

/** How long it takes to match one report, to compile a catalogue and to try a draft on what was reported before. */
export function* benchMatch(): Generator<Figure> {
  const small = buildFleet(1000, reportCount);
  const { rules, reports } = buildFleet(10_000, reportCount);
  const large = buildFleet(100_000, reportCount);
  const sizes = reports.map(facts => JSON.stringify(facts).length).sort((a, b) => a - b);
  yield { figure: 'facts-size-median', value: sizes[reportCount >> 1]!, unit: 'bytes' };
  yield { figure: 'compile-10000', value: medianMs(5, () => compileRules(rules)), unit: 'ms', limit: 1000 };

  const set = compileRules(rules);
  const [smallSet, largeSet] = [compileRules(small.rules), compileRules(large.rules)];
  const smallMs = matchMs(smallSet, small.reports);
  const ms = matchMs(set, reports);
  const largeMs = matchMs(largeSet, large.reports);
  const unexplained = reports.filter(facts => matchRules(set, facts).matches.length === 0);
  yield { figure: 'match-1000-median', value: smallMs, unit: 'ms' };
  yield { figure: 'match-10000-median', value: ms, unit: 'ms', limit: 0.1 };
  yield { figure: 'match-10000-unexplained-median', value: matchMs(set, unexplained), unit: 'ms' };
  yield { figure: 'match-10000-all-reasons-median', value: matchMs(set, reports, explainAll), unit: 'ms' };
  yield { figure: 'match-100000-median', value: largeMs, unit: 'ms' };
  yield { figure: 'ten-times-1000', value: ratio(ms, smallMs), unit: 'ratio', limit: 2 };
  yield { figure: 'ten-times-10000', value: ratio(largeMs, ms), unit: 'ratio', limit: 2 };
  yield* benchNaive(set, reports, ms);
  yield* benchBackTest(set, reports);
  yield* benchHealthyBackTest();
  yield* benchHostile();
}

function matchMs(set: RuleSet, reports: readonly Facts[], read = readResult): number {
  let next = 0;
  return medianMs(rounds, () => read(matchRules(set, reports[next++ % reports.length]!)));
}

/** What intake does with a result: keeps the reasons of what matched; where nothing did, asks, and names what is near. */
function readResult({ matches, unknown, nearMisses }: MatchResult): number {
  if (matches.length > 0) return matches.flatMap(match => explainedConditions(match.evaluation)).length;
  const probes = unknown.slice(0, 5).flatMap(match => match.probes);
  return probes.length + nearMisses.slice(0, 5).filter(match => match.rule.id !== '').length;
}

/** The whole of it with all reasons, as the command line shows it. */
function explainAll({ matches, unknown, nearMisses }: MatchResult): number {
  return [...matches, ...unknown, ...nearMisses].flatMap(match => explainedConditions(match.evaluation))
    .length;
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
