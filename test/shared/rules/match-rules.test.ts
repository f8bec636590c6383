import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { Facts, FactValue } from '../../../shared/facts/facts.ts';
import { compileRules } from '../../../shared/rules/compile-rules.ts';
import type { CompiledRule, Condition } from '../../../shared/rules/compiled-rule.ts';
import { evaluateRule } from '../../../shared/rules/evaluate-rule.ts';
import { viewFacts } from '../../../shared/rules/fact-view.ts';
import { compareMatches, matchRules, wokenRules } from '../../../shared/rules/match-rules.ts';
import { parseRule } from '../../../shared/rules/parse-rule.ts';

const drivers = ['a', 'b', 'c'];
const folder = String.raw`%systemroot%\system32\drivers\contoso`;
const version = fc.constantFrom('1.0', '2.0', '2.0.0', '3.1');
const instant = fc.constantFrom('2024-07-19T04:00:00Z', '2024-07-19T05:00:00Z', '2024-07-19T06:00:00Z');
const range = <Value>(value: fc.Arbitrary<Value>) =>
  fc.oneof(
    value.map(from => ({ from })),
    value.map(until => ({ until })),
    fc.tuple(value, value).map(([from, until]) => ({ from, until })),
  );
const factOfDriver = fc.constantFrom(...drivers).map(driver => `driver.${driver}.version`);
const fileName = fc.constantFrom('bad-1.sys', 'bad-2.sys', 'good.sys', 'CONTENT-0001.dat');

const leaf: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({ kind: fc.constant('version' as const), fact: factOfDriver, range: range(version) }),
  fc.record({ kind: fc.constant('equals' as const), fact: factOfDriver, oneOf: fc.array(version, { minLength: 1, maxLength: 2 }) }),
  fc.record({ kind: fc.constant('equals' as const), fact: fc.constant('crash.module'), oneOf: fc.array(fc.constantFrom('A.SYS', 'b.sys', 'c.sys'), { minLength: 1, maxLength: 2 }) }),
  fc.record({ kind: fc.constant('equals' as const), fact: fc.constant('crash.code'), oneOf: fc.constantFrom<string[]>(['0x50'], ['0x050', '0x7e']) }),
  fc.record({ kind: fc.constant('number' as const), fact: fc.constant('os.build'), range: range(fc.integer({ min: 1, max: 3 })) }),
  fc.record({ kind: fc.constant('exists' as const), fact: fc.constantFrom('crash.module', 'os.build') }),
  fc.record({ kind: fc.constant('glob' as const), fact: fc.constant('crash.module'), pattern: fc.constantFrom('a*', '?.sys') }),
  fc.record({
    kind: fc.constant('file' as const),
    path: fc
      .oneof(fileName, fc.constantFrom('bad-*.sys', 'BAD*', '*-1.sys', 'content-00*', 'b?d-1.sys'))
      .map(name => String.raw`%SystemRoot%\System32\drivers\Contoso` + `\\${name}`),
    written: range(instant),
  }, { requiredKeys: ['kind', 'path'] }),
); // prettier-ignore

const condition = fc.letrec<{ tree: Condition }>(tie => ({
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.record({
      kind: fc.constantFrom('all' as const, 'any' as const),
      conditions: fc.array(tie('tree'), { maxLength: 4 }),
    }),
    fc.record({ kind: fc.constant('not' as const), condition: tie('tree') }),
  ),
})).tree;

const facts: fc.Arbitrary<Facts> = fc
  .tuple(
    fc.dictionary(factOfDriver, version, { maxKeys: 3 }),
    fc.option(fc.constantFrom('a.sys', 'b.sys'), { nil: undefined }),
    fc.option(fc.constantFrom('0x50', '0x7e', '0x1'), { nil: undefined }),
    fc.option(fc.integer({ min: 0, max: 4 }), { nil: undefined }),
    fc.dictionary(fileName, instant, { maxKeys: 3 }),
    fc.option(fc.constantFrom('*', '**', 'bad-*.sys'), { nil: undefined }),
  )
  .map(([versions, module, code, build, files, search]) => {
    const found: Record<string, FactValue> = { ...versions };
    if (module) found['crash.module'] = module;
    if (code) found['crash.code'] = code;
    if (build !== undefined) found['os.build'] = build;
    for (const [name, writtenAt] of Object.entries(files))
      found[`file.${folder}\\${name.toLowerCase()}`] = { sizeBytes: 1, writtenAt };
    if (search) found[`searched.${folder}\\${search}`] = { files: 9 };
    return found;
  });

const rules = fc.array(fc.tuple(condition, fc.integer({ min: 0, max: 2 })), { maxLength: 30 }).map(all =>
  all.map(([when, priority], index): CompiledRule => ({
    id: `r${index}`,
    title: 'R',
    priority,
    confidence: 'high',
    when,
  })),
);

test('the index finds what the naive scan finds, in the same order', () => {
  fc.assert(
    fc.property(rules, facts, (set, machine) => {
      const naive = set
        .map(rule => ({ rule, evaluation: evaluateRule(rule, machine) }))
        .filter(match => match.evaluation.verdict === 'matched')
        .toSorted(compareMatches);
      assert.deepEqual(matchRules(compileRules(set), machine).matches, naive);
    }),
    { numRuns: 1000 },
  );
});

test('what is near or unknown is true of those rules', () => {
  fc.assert(
    fc.property(rules, facts, (set, machine) => {
      const { nearMisses, unknown, probes } = matchRules(compileRules(set), machine);
      for (const { rule } of nearMisses) assert.equal(evaluateRule(rule, machine).verdict, 'failed');
      for (const { rule } of unknown) assert.equal(evaluateRule(rule, machine).verdict, 'unknown');
      assert.ok(nearMisses.length <= 16 && unknown.length <= 16 && probes.length <= 16);
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
    wokenRules(compiled, viewFacts(machine)).map(rule => rule.id),
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
