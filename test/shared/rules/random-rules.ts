import * as fc from 'fast-check';
import type { Facts, FactValue } from '../../../shared/facts/facts.ts';
import type { CompiledRule, Condition } from '../../../shared/rules/compiled-rule.ts';

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
  fc.record({ kind: fc.constant('pattern' as const), fact: fc.constant('crash.module'), pattern: fc.constantFrom('^a', '[bc]\\.sys$', 'x') }),
  fc.record({ kind: fc.constant('hex' as const), fact: fc.constant('crash.code'), range: range(fc.constantFrom('0x1', '0x50', '0x7e')) }),
  fc.record({ kind: fc.constant('instant' as const), fact: fc.constant('crash.capturedAt'), range: range(instant) }),
  fc.record({
    kind: fc.constant('file' as const),
    path: fc
      .oneof(fileName, fc.constantFrom('bad-*.sys', 'BAD*', '*-1.sys', 'content-00*', 'b?d-1.sys'))
      .map(name => String.raw`%SystemRoot%\System32\drivers\Contoso` + `\\${name}`),
    written: range(instant),
  }, { requiredKeys: ['kind', 'path'] }),
); // prettier-ignore

/** Conditions over few facts, so that many hold. */
export const condition = fc.letrec<{ tree: Condition }>(tie => ({
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

/** Facts of a machine that such conditions ask about. */
export const facts: fc.Arbitrary<Facts> = fc
  .tuple(
    fc.dictionary(factOfDriver, version, { maxKeys: 3 }),
    fc.option(fc.constantFrom('a.sys', 'b.sys'), { nil: undefined }),
    fc.option(fc.constantFrom('0x50', '0x7e', '0x1'), { nil: undefined }),
    fc.option(fc.integer({ min: 0, max: 4 }), { nil: undefined }),
    fc.option(instant, { nil: undefined }),
    fc.dictionary(fileName, instant, { maxKeys: 3 }),
    fc.option(fc.constantFrom('*', '**', 'bad-*.sys'), { nil: undefined }),
  )
  .map(([versions, module, code, build, capturedAt, files, search]) => {
    const found: Record<string, FactValue> = { ...versions };
    if (module) found['crash.module'] = module;
    if (code) found['crash.code'] = code;
    if (capturedAt) found['crash.capturedAt'] = capturedAt;
    if (build !== undefined) found['os.build'] = build;
    for (const [name, writtenAt] of Object.entries(files))
      found[`file.${folder}\\${name.toLowerCase()}`] = { sizeBytes: 1, writtenAt };
    if (search) found[`searched.${folder}\\${search}`] = { files: 9 };
    return found;
  });

/** Sets of such rules. */
export const rules = fc
  .array(fc.tuple(condition, fc.integer({ min: 0, max: 2 })), { maxLength: 30 })
  .map(all =>
    all.map(([when, priority], index): CompiledRule => ({
      id: `r${index}`,
      title: 'R',
      priority,
      confidence: 'high',
      when,
    })),
  );
