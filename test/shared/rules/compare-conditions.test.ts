import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import type { Facts } from '../../../shared/facts/facts.ts';
import { areDisjoint, implies } from '../../../shared/rules/compare-conditions.ts';
import type { Condition } from '../../../shared/rules/compiled-rule.ts';
import { decisionOf } from '../../../shared/rules/decision-table.ts';
import { viewFacts } from '../../../shared/rules/fact-view.ts';
import { condition, facts } from './random-rules.ts';

const holds = (when: Condition, machine: Facts) => decisionOf(when)(viewFacts(machine)) === 'held';

test('what is proven of two conditions is true on every machine', () => {
  let [implied, disjoint] = [0, 0];
  const machines = fc.array(facts, { minLength: 10, maxLength: 10 });
  fc.assert(
    fc.property(condition, condition, machines, (a, b, some) => {
      const [isImplied, isDisjoint] = [implies(a, b), areDisjoint(a, b)];
      if (isImplied) implied++;
      if (isDisjoint) disjoint++;
      for (const machine of some) {
        if (!holds(a, machine)) continue;
        if (isImplied) assert.ok(holds(b, machine));
        if (isDisjoint) assert.ok(!holds(b, machine));
      }
    }),
    { numRuns: 5000 },
  );
  assert.ok(implied > 20 && disjoint > 20, `${implied} implied, ${disjoint} disjoint`);
});

test('every condition but an empty one implies itself', () => {
  fc.assert(
    fc.property(condition, when => {
      if (!JSON.stringify(when).includes('"conditions":[]')) assert.ok(implies(when, when));
    }),
  );
});

const equals = (fact: string, ...oneOf: string[]): Condition => ({ kind: 'equals', fact, oneOf });
const version = (from?: string, until?: string): Condition => ({
  kind: 'version',
  fact: 'driver.a.version',
  range: { from, until },
});
const file = (name: string, from?: string): Condition => ({
  kind: 'file',
  path: `%SystemRoot%\\System32\\${name}`,
  ...(from !== undefined && { written: { from } }),
});
const all = (...conditions: Condition[]): Condition => ({ kind: 'all', conditions });
const any = (...conditions: Condition[]): Condition => ({ kind: 'any', conditions });
const not = (condition: Condition): Condition => ({ kind: 'not', condition });

describe('a stronger condition implies a weaker one', () => {
  const pairs: readonly (readonly [stronger: Condition, weaker: Condition])[] = [
    [equals('crash.module', 'A.sys'), equals('crash.module', 'a.SYS', 'b.sys')],
    [
      equals('crash.module', 'csagent.sys'),
      { kind: 'pattern', fact: 'crash.module', pattern: '^cs[a-z]+\\.sys$' },
    ],
    [version('7.11', '7.12'), version('7.9')],
    [equals('driver.a.version', '7.11.1'), version('7.11', '7.12')],
    [version('7.11'), { kind: 'exists', fact: 'driver.a.version' }],
    [file('C-00000291-1.sys', '2024-07-19T04:09:00Z'), file('c-*.sys')],
    [not(version('7.9')), not(version('7.11', '7.12'))],
    [all(version('7.11'), file('a.sys')), any(file('b.sys'), version('7'))],
  ];
  for (const [stronger, weaker] of pairs)
    test(JSON.stringify(stronger), () => {
      assert.ok(implies(stronger, weaker));
      assert.ok(!implies(weaker, stronger));
    });
});

describe('conditions that no machine fits both', () => {
  const pairs: readonly (readonly [Condition, Condition])[] = [
    [equals('crash.module', 'a.sys'), equals('crash.module', 'b.sys')],
    [version('1', '2'), version('2')],
    [equals('driver.a.version', '3'), version('1', '2')],
    [file('a.sys'), not(file('a*'))],
    [all(version('1', '2'), file('a.sys')), any(version('2'), equals('driver.a.version', '0.9'))],
  ];
  for (const [a, b] of pairs)
    test(JSON.stringify(a), () => {
      assert.ok(areDisjoint(a, b) && areDisjoint(b, a));
      assert.ok(!areDisjoint(a, file('other.sys')));
    });
});
