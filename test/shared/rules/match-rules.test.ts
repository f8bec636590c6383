import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { Facts } from '../../../shared/facts/facts.ts';
import { compileRules } from '../../../shared/rules/compile-rules.ts';
import type { CompiledRule, Condition } from '../../../shared/rules/compiled-rule.ts';
import { evaluateRule } from '../../../shared/rules/evaluate-rule.ts';
import { viewFacts } from '../../../shared/rules/fact-view.ts';
import { matchRules, positionsPointedAt } from '../../../shared/rules/match-rules.ts';
import { parseRule } from '../../../shared/rules/parse-rule.ts';
import { compareRank } from '../../../shared/rules/prepared-rule.ts';
import { facts, rules } from './random-rules.ts';

test('the index finds what the naive scan finds, in the same order', () => {
  fc.assert(
    fc.property(rules, facts, (set, machine) => {
      const naive = set
        .map(rule => ({ rule, evaluation: evaluateRule(rule, machine) }))
        .filter(match => match.evaluation.verdict === 'matched')
        .toSorted((a, b) =>
          compareRank(
            { rule: a.rule, asked: a.evaluation.asked },
            { rule: b.rule, asked: b.evaluation.asked },
          ),
        );
      const { matches } = matchRules(compileRules(set), machine);
      assert.deepEqual(
        matches.map(({ rule, evaluation }) => ({ rule, evaluation })),
        naive,
      );
    }),
    { numRuns: 1000 },
  );
});

test('what is near or unknown is true of those rules', () => {
  fc.assert(
    fc.property(rules, facts, (set, machine) => {
      const { nearMisses, unknown, probes } = matchRules(compileRules(set), machine);
      for (const { rule } of nearMisses) assert.equal(evaluateRule(rule, machine).verdict, 'failed');
      for (const { rule, probes } of unknown) {
        const { verdict, probes: open } = evaluateRule(rule, machine);
        assert.deepEqual([verdict, probes], ['unknown', open], 'asked without a reason is asked the same');
      }
      assert.ok(nearMisses.length <= 16 && unknown.length <= 16 && probes.length <= 16);
    }),
    { numRuns: 200 },
  );
});

test('machines that are looked at in turn keep their own answers', () => {
  fc.assert(
    fc.property(rules, facts, facts, (set, one, other) => {
      const compiled = compileRules(set);
      const result = matchRules(compiled, one);
      const otherResult = matchRules(compiled, other);
      const alone = matchRules(compileRules(set), one);
      assert.deepEqual(
        result.unknown.map(match => match.evaluation),
        alone.unknown.map(match => match.evaluation),
      );
      for (const { rule, evaluation } of [...otherResult.matches, ...otherResult.nearMisses])
        assert.deepEqual(evaluation, evaluateRule(rule, other));
      for (const { rule, evaluation } of [...result.matches, ...result.nearMisses])
        assert.deepEqual(evaluation, evaluateRule(rule, one));
    }),
    { numRuns: 200 },
  );
});

const ofDriver = (id: string, priority: number, more: readonly Condition[] = []): CompiledRule => ({
  id,
  title: id,
  priority,
  confidence: 'high',
  when: { kind: 'all', conditions: [{ kind: 'exists', fact: 'driver.a.version' }, ...more] },
});

test('priority comes first, then how much was asked, then confidence, then the id', () => {
  const build: Condition = { kind: 'exists', fact: 'os.build' };
  const set = [
    ofDriver('z', 1),
    { ...ofDriver('low', 1), confidence: 'low' as const },
    ofDriver('specific', 1, [build]),
    ofDriver('first', 2),
    ofDriver('y', 1),
  ];
  const { matches } = matchRules(compileRules(set), { 'driver.a.version': '1.0', 'os.build': 1 });
  assert.deepEqual(
    matches.map(match => match.rule.id),
    ['first', 'specific', 'y', 'z', 'low'],
  );
});

test('all but one condition is a near miss', () => {
  const set = [ofDriver('near', 1, [{ kind: 'equals', fact: 'crash.code', oneOf: ['0x50'] }])];
  const { matches, nearMisses } = matchRules(compileRules(set), {
    'driver.a.version': '1.0',
    'crash.code': '0x7e',
  });
  assert.deepEqual([matches.length, nearMisses.map(match => match.rule.id)], [0, ['near']]);
});

test('of ten thousand rules only those are looked at that the machine points at', () => {
  const path = (i: number) =>
    String.raw`%SystemRoot%\System32\drivers\Vendor` + `${i % 100}\\content-${i}*.dat`;
  const set = Array.from({ length: 10_000 }, (_, i): CompiledRule => ({
    id: `r${i}`,
    title: `R${i}`,
    priority: 1,
    confidence: 'high',
    when: {
      kind: 'all',
      conditions: [
        { kind: 'equals', fact: 'crash.code', oneOf: ['0x50'] },
        { kind: 'version', fact: `driver.d${i}.version`, range: { from: '1.0' } },
        { kind: 'file', path: path(i) },
      ],
    },
  }));
  const compiled = compileRules(set);
  const machine: Facts = { 'crash.code': '0x50', 'driver.d77.version': '1.0', 'driver.other.version': '1.0' };
  assert.deepEqual(
    positionsPointedAt(compiled, viewFacts(machine)).map(position => compiled.rules[position]!.rule.id),
    ['r77'],
  );
});

test('a compiled rule survives JSON and is refused when it is not one', () => {
  const whole = ofDriver('one', 1, [{ kind: 'not', condition: { kind: 'exists', fact: 'os.build' } }]);
  assert.deepEqual(parseRule(JSON.parse(JSON.stringify(whole))), whole);
  let deep: Condition = { kind: 'exists', fact: 'os.build' };
  for (let i = 0; i < 10; i++) deep = { kind: 'not', condition: deep };
  const broken: unknown[] = [
    undefined,
    {},
    { ...whole, when: {} },
    { ...whole, when: { kind: 'all', conditions: [] } },
    { ...whole, when: { kind: 'magic', fact: 'os.build' } },
    { ...whole, when: deep },
    {
      ...whole,
      when: {
        kind: 'any',
        conditions: Array.from({ length: 65 }, () => ({ kind: 'exists', fact: 'os.build' })),
      },
    },
  ];
  for (const input of broken) assert.equal(parseRule(input), undefined);
});
