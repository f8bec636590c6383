import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { compilePattern } from '../../../../shared/rules/pattern/linear-pattern.ts';

function matches(pattern: string, text: string): boolean {
  const compiled = compilePattern(pattern);
  assert.ok('pattern' in compiled, JSON.stringify(compiled));
  return compiled.pattern.matches(text);
}

const atom = fc.constantFrom('a', 'b', 'Z', '.', '\\d', '\\W', '\\.', '[a-c]', '[^a-c]', '[\\s_-]', '[0-9Z]');
const pattern = fc.letrec<{ tree: string }>(tie => ({
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    atom,
    fc.array(tie('tree'), { minLength: 1, maxLength: 3 }).map(parts => parts.join('')),
    fc.array(tie('tree'), { minLength: 2, maxLength: 3 }).map(parts => `(${parts.join('|')})`),
    fc
      .tuple(tie('tree'), fc.constantFrom('*', '+', '?', '{2}', '{1,}', '{0,3}'))
      .map(([part, times]) => `(?:${part})${times}`),
    tie('tree').map(part => `^(${part})$`),
  ),
})).tree;
const text = fc.string({
  unit: fc.constantFrom('a', 'A', 'b', 'z', '_', '-', '.', '7', ' ', '\n'),
  maxLength: 12,
});

test('the engine agrees with the one of JavaScript on what both understand', () => {
  let compared = 0;
  fc.assert(
    fc.property(pattern, text, (source, given) => {
      const compiled = compilePattern(source);
      if ('problem' in compiled) return;
      compared++;
      assert.equal(compiled.pattern.matches(given), new RegExp(source, 'i').test(given));
    }),
    { numRuns: 3000 },
  );
  assert.ok(compared > 1000);
});

test('case is ignored as in file names', () => {
  assert.ok(matches('^csagent\\.SYS$', 'CSAgent.sys'));
  assert.ok(!matches('[^a]', 'A'));
  assert.ok(matches('ä', 'Ä'));
  assert.ok(!matches('ss', 'ß'));
});

test('expressions that explode elsewhere cost time in proportion to the text', () => {
  for (const hostile of ['^(a+)+$', '^(a|a)*$', '^(a*)*b', '(x+x+)+y', '^(([a-z])+.)+[A-Z]([a-z])+$']) {
    const compiled = compilePattern(hostile);
    assert.ok('pattern' in compiled);
    const started = performance.now();
    compiled.pattern.matches(`${'a'.repeat(50_000)}!`);
    compiled.pattern.matches('x'.repeat(50_000));
    assert.ok(performance.now() - started < 5000, hostile);
  }
});

describe('what lies outside the safe subset is refused at its place', () => {
  const refused: readonly (readonly [string, code: string, at: number, says: RegExp])[] = [
    ['(a)\\1', 'unsupported-pattern', 3, /refers back/],
    ['a(?=b)', 'unsupported-pattern', 1, /ahead or behind/],
    ['(?<name>a)', 'unsupported-pattern', 0, /names/],
    ['a+?', 'unsupported-pattern', 2, /lazy/],
    ['\\bword', 'unsupported-pattern', 0, /not supported/],
    ['*a', 'unsupported-pattern', 0, /nothing before/],
    ['a)', 'unsupported-pattern', 1, /closes nothing/],
    ['(a', 'unsupported-pattern', 0, /not closed/],
    ['[a', 'unsupported-pattern', 0, /not closed/],
    ['[]', 'unsupported-pattern', 0, /empty class/],
    ['[z-a]', 'unsupported-pattern', 2, /no range/],
    ['a{3,2}', 'unsupported-pattern', 1, /smaller number first/],
    ['a{x}', 'unsupported-pattern', 1, /\{n,m\}/],
    ['a\\', 'unsupported-pattern', 1, /backslash/],
    ['^*', 'unsupported-pattern', 1, /cannot be repeated/],
    ['a{201}', 'pattern-too-large', 1, /at most 200/],
    ['((a{100}){100}){100}', 'pattern-too-large', 0, /more than 1000 steps/],
    [`${'('.repeat(20)}a${')'.repeat(20)}`, 'pattern-too-large', 17, /16 deep/],
    ['a*', 'empty-pattern', 0, /fits every text/],
    ['x|', 'empty-pattern', 0, /fits every text/],
  ];
  for (const [source, code, at, says] of refused)
    test(source.slice(0, 30), () => {
      const compiled = compilePattern(source);
      assert.ok('problem' in compiled);
      assert.deepEqual([compiled.problem.code, compiled.problem.at], [code, at]);
      assert.match(compiled.problem.message, says);
    });
});

test('any text is read or refused', () => {
  const signs = fc
    .array(fc.constantFrom('a', 'b', '(', ')', '[', ']', '{', '}', '|', '*', '+', '?', '^', '$', '\\', '.', '-', ',', '1', '9', ':', '=', 'd'), { maxLength: 30 })
    .map(all => all.join('')); // prettier-ignore
  fc.assert(
    fc.property(fc.oneof(signs, fc.string({ unit: 'binary' })), source => {
      const compiled = compilePattern(source);
      if ('pattern' in compiled) compiled.pattern.matches(source);
      else assert.match(compiled.problem.message, /\.$/);
    }),
    { numRuns: 1000 },
  );
});
