import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { backTest } from '../../../shared/rules/back-test.ts';
import { compileRules } from '../../../shared/rules/compile-rules.ts';
import type { CompiledRule } from '../../../shared/rules/compiled-rule.ts';
import { evaluateRule } from '../../../shared/rules/evaluate-rule.ts';
import { facts, rules } from './random-rules.ts';

const records = fc
  .array(facts, { minLength: 1, maxLength: 20 })
  .map(all => all.map((one, index) => ({ id: `i${index}`, facts: one })));

test('a set and its rules one by one come to the same matches as evaluating each', () => {
  fc.assert(
    fc.property(rules, records, (set, reported) => {
      const ofSet = backTest(compileRules(set), reported);
      const anyMatched = new Set<string>();
      for (const rule of set) {
        const verdicts = reported.map(({ id, facts: machine }) => ({
          id,
          verdict: evaluateRule(rule, machine).verdict,
        }));
        const matched = verdicts.filter(one => one.verdict === 'matched').map(one => one.id);
        for (const id of matched) anyMatched.add(id);
        const single = backTest(rule, reported).rules[0]!;
        assert.equal(single.matched, matched.length);
        assert.equal(single.unknown, verdicts.filter(one => one.verdict === 'unknown').length);
        assert.equal(ofSet.rules.find(one => one.rule.id === rule.id)?.matched ?? 0, matched.length);
        assert.deepEqual(
          single.examples.matched.map(one => one.id),
          matched.slice(0, 5),
        );
      }
      assert.deepEqual([ofSet.records, ofSet.matched], [reported.length, anyMatched.size]);
    }),
    { numRuns: 100 },
  );
});

test('records stream through with progress, and examples explain themselves', () => {
  const rule: CompiledRule = {
    id: 'r',
    title: 'R',
    priority: 1,
    confidence: 'high',
    when: {
      kind: 'all',
      conditions: [
        { kind: 'equals', fact: 'crash.module', oneOf: ['bad.sys'] },
        { kind: 'number', fact: 'os.build', range: { from: 22_000 } },
      ],
    },
  };
  let drawn = 0;
  function* stream() {
    for (; drawn < 2500; drawn++)
      yield {
        id: String(drawn),
        facts: {
          'crash.module': 'bad.sys',
          ...(drawn % 5 > 0 && { 'os.build': drawn % 2 ? 22_631 : 19_045 }),
        },
      };
  }
  const progress: (readonly [number, number])[] = [];
  const { rules: tested } = backTest(rule, stream(), {
    mostExamples: 2,
    onProgress: done => progress.push([done, drawn]),
  });
  assert.deepEqual(progress, [
    [1000, 999],
    [2000, 1999],
    [2500, 2500],
  ]);
  const { matched, nearMisses, unknown, examples } = tested[0]!;
  assert.deepEqual([matched, nearMisses, unknown], [1000, 1000, 500]);
  const [near] = examples.near;
  assert.deepEqual([examples.near.length, near?.id], [2, '2']);
  assert.equal(near?.evaluation.verdict, 'failed');
});
