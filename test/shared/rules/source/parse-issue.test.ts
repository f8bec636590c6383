import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import type { CompiledRule } from '../../../../shared/rules/compiled-rule.ts';
import { parseRule } from '../../../../shared/rules/parse-rule.ts';
import {
  type IssueDiagnosticCode,
  issueDiagnosticCodes,
} from '../../../../shared/rules/source/issue-diagnostic.ts';
import { parseIssue } from '../../../../shared/rules/source/parse-issue.ts';

const frame = `id: contoso-2026-01-01
title: Contoso content of 1 January 2026
vendor: Contoso
product: Contoso Shield
firstSeenAt: 2026-01-01T00:00:00Z
affected: Machines with Contoso Shield 2.
cause: A faulty content file crashes contoso.sys.
summary: Contoso published a faulty content file.
remediation: remediation.mend
policy: ask
priority: 500
confidence: medium
sources:
  - title: Contoso, incident report
    url: https://contoso.example/incident
`;
const issueWith = (when: string) => `${frame}when:\n${when.replaceAll(/^/gm, '  ')}\n`;
const sound = issueWith('fact: crash.module\nequals: contoso.sys');

test('a sound issue gives its rule', () => {
  const { issue, rule, diagnostics } = parseIssue(sound);
  assert.deepEqual(diagnostics, []);
  assert.equal(issue?.policy, 'ask');
  assert.deepEqual(rule, {
    id: 'contoso-2026-01-01',
    title: 'Contoso content of 1 January 2026',
    priority: 500,
    confidence: 'medium',
    when: { kind: 'equals', fact: 'crash.module', oneOf: ['contoso.sys'] },
  });
});

test('every kind of question compiles to plain JSON', () => {
  const { rule, diagnostics } = parseIssue(
    issueWith(String.raw`all:
  - fact: driver.Contoso.version
    from: '2.0'
    until: '2.5'
  - fact: crash.code
    oneOf: ['0x50', '0x7e']
  - fact: crash.parameter.1
    atLeast: '0x10'
  - fact: os.build
    below: 22631
  - fact: crash.capturedAt
    atLeast: 2026-01-01T00:00:00Z
  - fact: bootlog.lastLoaded
    like: con*.sys
  - fact: crash.process
    exists: true
  - any:
      - file: '%SystemRoot%\System32\drivers\Contoso\*.dat'
        written: { from: 2026-01-01T00:00:00Z, until: 2026-01-02T00:00:00Z }
        sizeBytes: { from: 1 }
      - noFile: '%ProgramFiles%\Contoso\new.dll'
  - not:
      fact: crash.module
      equals: other.sys`),
  );
  assert.deepEqual(diagnostics, []);
  const when = rule!.when;
  assert.ok(when.kind === 'all');
  assert.deepEqual(
    when.conditions.map(one => one.kind),
    ['version', 'equals', 'hex', 'number', 'instant', 'glob', 'exists', 'any', 'not'],
  );
  assert.deepEqual(when.conditions[0], {
    kind: 'version',
    fact: 'driver.contoso.version',
    range: { from: '2.0', until: '2.5' },
  });
  assert.deepEqual(parseRule(JSON.parse(JSON.stringify(rule))), rule);
});

test('without a script it must tell a person what to do, and never goes out by itself', () => {
  const helpless = sound.replace('remediation: remediation.mend\n', '');
  const told = helpless.replace('policy: ask', 'policy: never\nadvice:\n  - Update the firmware.');
  assert.deepEqual(parseIssue(told).issue?.advice, ['Update the firmware.']);
  const codesOf = (text: string) => parseIssue(text).diagnostics.map(one => `${one.code} ${one.field}`);
  assert.deepEqual(codesOf(helpless), ['missing-field remediation']);
  assert.deepEqual(codesOf(told.replace('policy: never', 'policy: ask')), ['wrong-value policy']);
});

/** For each code an issue that makes the mistake, with the line and column where it is told. */
const wrong: Readonly<Record<IssueDiagnosticCode, readonly [text: string, place: string]>> = {
  'too-large': [`#${'x'.repeat(64 * 1024)}`, '1:1'],
  'not-yaml': ['id: [', '1:6'],
  alias: [`a: &x 1\nb: *x\n`, '2:4'],
  'unknown-field': [`${sound}colour: blue\n`, '19:1'],
  'missing-field': [frame, '1:1'],
  'wrong-value': [sound.replace('priority: 500', 'priority: 5000'), '11:1'],
  'unknown-condition': [issueWith('module: contoso.sys'), '16:1'],
  'empty-condition': [issueWith('all: []'), '17:3'],
  'too-many-conditions': [issueWith(`any:\n${'  - fact: os.build\n    equals: 1\n'.repeat(65)}`), '144:7'],
  'nested-too-deep': [
    issueWith('not: { not: { not: { not: { not: { not: { fact: os.build, exists: true } } } } } }'),
    '17:38',
  ],
  'unknown-fact': [issueWith('fact: crash.colour\nequals: blue'), '17:3'],
  'wrong-question': [issueWith('fact: crash.module\natLeast: 5'), '18:3'],
  'never-holds': [issueWith('not:\n  fact: crash.module\n  exists: true'), '16:1'],
  'empty-range': [issueWith(`fact: driver.contoso.version\nfrom: '2.0'\nuntil: '1.9'`), '16:1'],
  'invalid-path': [issueWith(String.raw`file: 'C:\Windows\bad.sys'`), '17:3'],
  'private-place': [issueWith(String.raw`file: '%SystemDrive%\Users\ada\bad.sys'`), '17:3'],
  'unsupported-pattern': [
    issueWith(String.raw`fact: crash.module
matches: (a)\1`),
    '18:3',
  ],
  'pattern-too-large': [issueWith('fact: crash.module\nmatches: (a{100}){100}'), '18:3'],
  'empty-pattern': [issueWith('fact: crash.module\nmatches: .*'), '18:3'],
  shadowed: [issueWith('fact: crash.module\nequals: shadow.sys'), '11:1'],
};

const shadowing: CompiledRule = {
  id: 'wide',
  title: 'Wide',
  priority: 600,
  confidence: 'low',
  when: { kind: 'glob', fact: 'crash.module', pattern: 'shadow.*' },
};

describe('every mistake is told with its place', () => {
  for (const code of issueDiagnosticCodes)
    test(code, () => {
      const [text, place] = wrong[code];
      const { issue, rule, diagnostics } = parseIssue(text, [shadowing]);
      assert.equal(issue ?? rule, undefined);
      const found = diagnostics.map(one => `${one.code} ${one.line}:${one.column}`);
      assert.ok(found.includes(`${code} ${place}`), found.join(', '));
      for (const { message } of diagnostics) assert.match(message, /^\S.*\.$/s);
    });
});

test('conditions that exclude each other are told at the second one', () => {
  const never = issueWith(`all:
  - { fact: crash.module, equals: contoso.sys }
  - { fact: driver.contoso.version, atLeast: '9.0' }
  - { fact: driver.contoso.version, below: '8.0' }`);
  const [told, ...more] = parseIssue(never).diagnostics;
  assert.deepEqual([told?.code, told?.field, more.length], ['never-holds', 'when.all.2', 0]);
  assert.match(told!.message, /condition 2 of the same list/);
  assert.deepEqual(parseIssue(never.replace('all:', 'any:')).diagnostics, []);
});

test('a version or code that YAML took for a number is told', () => {
  const unquoted = parseIssue(issueWith('fact: driver.contoso.version\natLeast: 7.11'));
  assert.deepEqual(
    unquoted.diagnostics.map(one => one.code),
    ['wrong-value'],
  );
  const code = parseIssue(issueWith('fact: crash.code\nequals: 0x50'));
  assert.deepEqual(
    code.diagnostics.map(one => one.message),
    ['80 does not fit this fact. Expected: a quoted hexadecimal number, as "0x50".'],
  );
});

test('mutated issues are read or refused in place', () => {
  const change = fc.record({
    at: fc.nat(),
    remove: fc.nat({ max: 8 }),
    insert: fc.oneof(
      fc.constantFrom(':', '\n', '  ', '- ', '[', '{', '&a ', '*a', '"', '%', '!!x '),
      fc.string({ unit: 'binary', maxLength: 4 }),
    ),
  });
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), changes => {
      const text = changes.reduce((now, { at, remove, insert }) => {
        const start = at % (now.length + 1);
        return `${now.slice(0, start)}${insert}${now.slice(start + remove)}`;
      }, sound);
      const { rule, diagnostics } = parseIssue(text);
      assert.equal(rule === undefined, diagnostics.length > 0);
      if (rule) assert.ok(parseRule(rule), JSON.stringify(rule));
    }),
    { numRuns: 300 },
  );
});

test('nesting that no reader can follow is refused', () => {
  assert.equal(parseIssue('['.repeat(60_000)).rule, undefined);
  assert.equal(parseIssue('{a: '.repeat(15_000)).rule, undefined);
});
