import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Facts } from '../../../shared/facts/facts.ts';
import type { Condition } from '../../../shared/rules/compiled-rule.ts';
import { evaluateRule } from '../../../shared/rules/evaluate-rule.ts';
import { countHeld, tellFindings } from '../../../shared/rules/tell-findings.ts';

const equals = (fact: string, ...oneOf: (string | number)[]): Condition => ({ kind: 'equals', fact, oneOf });
const windows = (build: number, revision: number): Condition => ({
  kind: 'all',
  conditions: [equals('os.build', build), equals('os.revision', revision)],
});
const when = {
  kind: 'all',
  conditions: [
    {
      kind: 'any',
      conditions: [windows(19_041, 867), windows(18_363, 1440), equals('update.kb5000802', 'installed')],
    },
    equals('crash.code', '0x1'),
  ],
} satisfies Condition;
const tellOn = (facts: Facts, condition: Condition = when) => {
  const lines = tellFindings(
    evaluateRule({ id: 'r', title: 'r', priority: 1, confidence: 'low', when: condition }, facts),
  );
  return {
    text: lines.map(one => `${'  '.repeat(one.depth ?? 0)}${one.verdict} ${one.sentence}`),
    count: countHeld(lines),
    lines,
  };
};

describe('reasons as people read them', () => {
  test('of several ways the one that holds is told, as if it stood alone', () => {
    const { text, count, lines } = tellOn({ 'os.build': 18_363, 'os.revision': 1440, 'crash.code': '0x1' });
    assert.deepEqual(text, [
      'held Windows build is 18363.',
      'held Windows revision is 1440.',
      'held Bugcheck code is 0x1.',
    ]);
    assert.deepEqual(count, { held: 3, all: 3 });
    assert.ok(lines.every(one => one.value !== undefined && one.depth === undefined && !one.isGroup));
  });

  test('two ways that hold stand in one group, and each of what they need in its own', () => {
    const facts = {
      'os.build': 19_041,
      'os.revision': 867,
      'update.kb5000802': 'installed',
      'crash.code': '0x1',
    };
    const { text, count } = tellOn(facts);
    assert.deepEqual(text, [
      'held One of these:',
      '  held All of these:',
      '    held Windows build is 19041.',
      '    held Windows revision is 867.',
      '  held Update KB5000802 is installed.',
      'held Bugcheck code is 0x1.',
    ]);
    assert.deepEqual(count, { held: 2, all: 2 });
  });

  test('where no way holds those that come near are told, and they count as one condition', () => {
    const { text, count } = tellOn({ 'os.build': 19_041, 'os.revision': 868, 'crash.code': '0x1' });
    assert.deepEqual(text, [
      'unknown One of these:',
      '  failed All of these:',
      '    held Windows build is 19041.',
      '    failed Windows revision is 867.',
      '  unknown Update KB5000802 is installed.',
      '  failed Another way, of which nothing holds.',
      'held Bugcheck code is 0x1.',
    ]);
    assert.deepEqual(count, { held: 1, all: 2 });
    const far = tellOn({
      'os.build': 1,
      'os.revision': 1,
      'update.kb5000802': 'absent',
      'crash.code': '0x1',
    });
    assert.equal(far.text.length, 9, 'where none comes near, all are told');
  });

  test('a rule of one condition, and what a rule negates, read alike', () => {
    assert.deepEqual(tellOn({ 'crash.code': '0x2' }, equals('crash.code', '0x1')).text, [
      'failed Bugcheck code is 0x1.',
    ]);
    const negated: Condition = { kind: 'not', condition: when };
    assert.deepEqual(tellOn({ 'crash.code': '0x2', 'os.build': 1, 'os.revision': 1 }, negated).text, [
      'held Bugcheck code is not 0x1.',
    ]);
  });

  test('the verdict of a rule is that of its lines that must all hold', () => {
    for (const revision of [867, 868, undefined])
      for (const code of ['0x1', '0x2', undefined]) {
        const facts: Facts = {
          'os.build': 19_041,
          'update.kb5000802': 'absent',
          ...(revision !== undefined && { 'os.revision': revision }),
          ...(code !== undefined && { 'crash.code': code }),
        };
        const { lines, count } = tellOn(facts);
        const { verdict } = evaluateRule(
          { id: 'r', title: 'r', priority: 1, confidence: 'low', when },
          facts,
        );
        assert.equal(verdict === 'matched', count.held === count.all);
        const asked = lines.filter(one => one.depth === undefined);
        assert.equal(
          verdict === 'failed',
          asked.some(one => one.verdict === 'failed'),
        );
      }
  });
});
