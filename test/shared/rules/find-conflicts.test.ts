import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { CompiledRule, Condition } from '../../../shared/rules/compiled-rule.ts';
import { evaluateRule } from '../../../shared/rules/evaluate-rule.ts';
import { findConflicts, findShadowing } from '../../../shared/rules/find-conflicts.ts';
import { countAsked } from '../../../shared/rules/evaluate-rule.ts';
import { compareRank } from '../../../shared/rules/prepared-rule.ts';
import { facts, rules } from './random-rules.ts';

const ruleOf = (id: string, when: Condition, priority = 1): CompiledRule => ({
  id,
  title: id,
  priority,
  confidence: 'high',
  when,
});
const build = (from: number, until: number): Condition => ({
  kind: 'number',
  fact: 'os.build',
  range: { from, until },
});

test('no two rules of one rank that match one machine and do different things are missed', () => {
  fc.assert(
    fc.property(rules, facts, (set, machine) => {
      const { conflicts, isComplete } = findConflicts(set.map(rule => ({ rule, remediation: rule.id })));
      assert.ok(isComplete);
      const listed = new Set(conflicts.map(({ ids }) => ids.toSorted().join(' ')));
      const matched = set.filter(rule => evaluateRule(rule, machine).verdict === 'matched');
      for (const a of matched)
        for (const b of matched)
          if (a.id < b.id && a.priority === b.priority && countAsked(a.when) === countAsked(b.when))
            assert.ok(listed.has(`${a.id} ${b.id}`), `${a.id} ${b.id}`);
    }),
    { numRuns: 200 },
  );
});

test('rules that cannot meet, do the same, or differ in rank are no conflict', () => {
  const set = [
    { rule: ruleOf('a', build(1, 5)), remediation: 'one' },
    { rule: ruleOf('b', build(5, 9)), remediation: 'two' },
    { rule: ruleOf('c', build(1, 3)), remediation: 'one' },
    { rule: ruleOf('d', build(1, 3), 2), remediation: 'three' },
    { rule: ruleOf('e', build(4, 6)), remediation: 'four' },
    { rule: ruleOf('f', build(7, 8)), remediation: 'five' },
  ];
  assert.deepEqual(findConflicts(set).conflicts, [
    { ids: ['b', 'f'], isCertain: true },
    { ids: ['a', 'e'], isCertain: false },
    { ids: ['b', 'e'], isCertain: false },
  ]);
});

test('the work on many rules of one rank is bounded, and that is said', () => {
  const set = Array.from({ length: 2000 }, (_, i) => ({
    rule: ruleOf(`r${i}`, build(1, 3)),
    remediation: String(i),
  }));
  const { conflicts, isComplete } = findConflicts(set);
  assert.deepEqual([conflicts.length, isComplete], [1000, false]);
});

test('a shadowed rule never matches without the one that shadows it', () => {
  let shadowed = 0;
  fc.assert(
    fc.property(rules, facts, (set, machine) => {
      for (const rule of set) {
        const shadowing = findShadowing(rule, set);
        if (!shadowing) continue;
        shadowed++;
        const ranked = (one: CompiledRule) => ({ rule: one, asked: countAsked(one.when) });
        assert.ok(compareRank(ranked(shadowing), ranked(rule)) < 0);
        if (evaluateRule(rule, machine).verdict === 'matched')
          assert.equal(evaluateRule(shadowing, machine).verdict, 'matched');
      }
    }),
    { numRuns: 200 },
  );
  assert.ok(shadowed > 20);
});

test('a narrower rule below a wider one is shadowed, above it is not', () => {
  const wide = ruleOf('wide', build(1, 9), 5);
  assert.equal(findShadowing(ruleOf('narrow', build(2, 3), 4), [wide])?.id, 'wide');
  assert.equal(findShadowing(ruleOf('narrow', build(2, 3), 6), [wide]), undefined);
  assert.equal(findShadowing({ ...wide, priority: 4 }, [wide]), undefined);
});
