import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { compileRules } from '../../../shared/rules/compile-rules.ts';
import type { Condition } from '../../../shared/rules/compiled-rule.ts';
import { DecisionTable } from '../../../shared/rules/decision-table.ts';
import { viewFacts } from '../../../shared/rules/fact-view.ts';
import { signsOf } from '../../../shared/rules/rule-signs.ts';
import { canOnlyBeNear, positionOf } from '../../../shared/rules/sign-lists.ts';
import { WakeCosts } from '../../../shared/rules/wake-costs.ts';
import { WakeIndex } from '../../../shared/rules/wake-index.ts';
import { wakeChoicesOf } from '../../../shared/rules/wake-keys.ts';
import { facts, rules } from './random-rules.ts';

test('what stands beside a sign sets aside no rule that matches, is near or is open', () => {
  fc.assert(
    fc.property(rules, facts, facts, (set, machine, other) => {
      const table = new DecisionTable(set.map(rule => rule.when));
      const choices = set.map(rule => wakeChoicesOf(rule.when, table.scales));
      const costs = new WakeCosts(choices);
      const signs = choices.flatMap((some, position) => signsOf(position, some, costs));
      const bare = new WakeIndex(
        signs.map(sign => ({ ...sign, also: [] })),
        table.scales,
      );
      const view = viewFacts(machine);
      const index = new WakeIndex(signs, table.scales);
      const woken = index.wokenBy(view);
      const matchable = new Set(woken.matchable);
      // The lists remember what the last machine showed, so another one comes between.
      void index.wokenBy(viewFacts(other)).matchable;
      const undecided = new Set(woken.undecided.map(positionOf));

      for (const position of bare.wokenBy(view).undecided.map(positionOf)) {
        const outcome = table.outcomeOf(position, view);
        if (outcome === 'matched') assert.ok(matchable.has(position), 'a match is woken');
        if (outcome !== 'failed') assert.ok(undecided.has(position), `${outcome} is woken`);
      }
      for (const pointer of woken.undecided)
        if (canOnlyBeNear(pointer))
          assert.ok(['near', 'failed'].includes(table.outcomeOf(positionOf(pointer), view)));
    }),
    { numRuns: 500 },
  );
});

test('what another machine shows is not taken for what this one does', () => {
  const signs = compileRules([
    {
      id: 'near',
      title: 'Near',
      priority: 1,
      confidence: 'high',
      when: {
        kind: 'all',
        conditions: [
          { kind: 'exists', fact: 'driver.a.version' },
          { kind: 'glob', fact: 'crash.module', pattern: 'a*' },
          { kind: 'number', fact: 'os.build', range: { from: 5 } },
        ],
      },
    },
  ]).signs;
  const machine = { 'driver.a.version': '1.0', 'crash.module': 'a.sys', 'os.build': 5 };
  const match = signs.wokenBy(viewFacts(machine));
  const near = signs.wokenBy(viewFacts({ ...machine, 'os.build': 4 }));
  const far = signs.wokenBy(viewFacts({ ...machine, 'crash.module': 'b.sys', 'os.build': 4 }));
  for (const order of [
    [match, near, far],
    [far, near, match],
    [near, far, match, near],
  ]) {
    for (const one of order) assert.equal(one.matchable.length > 0, one === match);
    for (const one of order) assert.equal(one.undecided.length > 0, one !== far);
  }
});

test('a way that asks nothing is unknown, so that the others alone do not set the rule aside', () => {
  const nothing: readonly Condition[] = [
    { kind: 'number', fact: 'os.build', range: {} },
    { kind: 'any', conditions: [] },
  ];
  for (const one of nothing) {
    const older: Condition = { kind: 'version', fact: 'driver.a.version', range: { until: '1.0' } };
    const { signs } = compileRules([
      {
        id: 'open',
        title: 'Open',
        priority: 1,
        confidence: 'high',
        when: {
          kind: 'all',
          conditions: [
            { kind: 'any', conditions: [one, older] },
            { kind: 'equals', fact: 'crash.code', oneOf: ['0x50'] },
            { kind: 'exists', fact: 'driver.a.version' },
          ],
        },
      },
    ]);
    const woken = signs.wokenBy(viewFacts({ 'driver.a.version': '1.0' }));
    assert.deepEqual(woken.undecided.map(positionOf), [0]);
    assert.ok(!woken.undecided.some(canOnlyBeNear));
  }
});
