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
    [
      '0x50 (which YAML reads as 80) does not fit this fact. Expected: a quoted hexadecimal number, as "0x50".',
    ],
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

test('nesting that no reader can follow is refused, once and in plain words', () => {
  for (const text of [
    '['.repeat(60_000),
    '{a: '.repeat(15_000),
    `a: ${'['.repeat(20_000)}`,
    '? - '.repeat(15_000),
  ])
    assert.deepEqual(
      parseIssue(text).diagnostics.map(({ code, message }) => [code, message]),
      [['not-yaml', 'The file is nested too deep to be read as YAML.']],
    );
});

test('a file from elsewhere is refused in words for people, at its place', () => {
  const told = (text: string) =>
    parseIssue(text).diagnostics.map(one => `${one.line}:${one.column} ${one.message}`);
  const when = 'fact: os.build\nfrom:';
  const bomb = `a: &a [x, x]\nb: &b [*a, *a, *a]\nc: &c [*b, *b, *b]\nd: [*c, *c, *c]\n${sound}`;
  const noFields =
    '1:1 This holds no fields. Expected: those of a known issue, each in a line of its own, as "title: …".';
  const unseen = (name: string) =>
    `Here stands ${name}, which nobody can read. Expected: visible characters, saved as UTF-8.`;
  const number = 'does not fit this fact. Expected: a whole number.';
  const strange: Readonly<Record<string, readonly [string, string]>> = {
    'an empty file': ['', noFields],
    'a list': ['- a\n- b\n', noFields],
    'a bomb of aliases': [bomb, '2:8 An alias repeats what stands elsewhere. Write it out.'],
    'a field twice': [`${sound}title: Another\n`, '19:1 This is not YAML: this field stands here twice.'],
    'two documents': [
      `${sound}---\nid: x\n`,
      '19:1 This is not YAML: a second document begins here, and a file holds one.',
    ],
    'a tab': [
      sound.replace('  fact', '\tfact'),
      '17:1 This is not YAML: Tabs are not allowed as indentation.',
    ],
    'a NUL': [sound.replace('Shield', 'Shi\0eld'), `4:21 ${unseen('U+0000')}`],
    'a NUL as an escape': [sound.replace('Contoso Shield', String.raw`"Con\0"`), `4:10 ${unseen('U+0000')}`],
    'letters turned round': [
      sound.replace('Contoso Shield', String.raw`"a\u202Eb"`),
      `4:10 ${unseen('U+202E')}`,
    ],
    'a NUL in a comment': [`# \0\n${sound}`, `1:3 ${unseen('U+0000')}`],
    'bytes of another code': [sound.replace('Shield', 'Sch\uFFFDtz'), `4:21 ${unseen('U+FFFD')}`],
    'a type of its own': [
      sound.replace('id:', 'id: !!js/function'),
      '1:5 This is not YAML: Unresolved tag: tag:yaml.org,2002:js/function.',
    ],
    'a day as a number': [
      sound.replace('2026-01-01T00:00:00Z', '20260101'),
      '5:1 20260101 does not fit here. Expected: a text, in quotes where it looks like a number.',
    ],
    'a number without end': [
      issueWith(`${when} 1e999`),
      `18:3 1e999 (which YAML reads as Infinity) ${number}`,
    ],
    'no number': [issueWith(`${when} .nan`), `18:3 .nan (which YAML reads as NaN) ${number}`],
    'a version that lost a zero': [
      issueWith('fact: driver.contoso.version\natLeast: 7.10'),
      '18:3 7.10 (which YAML reads as 7.1) does not fit this fact. Expected: a quoted version, as "7.11".',
    ],
    'a name of JavaScript': [`${sound}__proto__: { a: 1 }\n`, '19:1 There is no field __proto__ here.'],
    'an instant as a list': [
      sound.replace('2026-01-01T00:00:00Z', '[1]'),
      '5:1 The field firstSeenAt does not fit here. Expected: a text, in quotes where it looks like a number.',
    ],
  };
  for (const [name, [text, expected]] of Object.entries(strange))
    assert.ok(told(text).includes(expected), `${name}: ${told(text).join(' | ')}`);
  assert.deepEqual(
    told(`\u{FEFF}${sound.replaceAll('\n', '\r\n')}`),
    [],
    'a file of Windows is none of them',
  );
  assert.deepEqual(told(`${sound}# ${'x'.repeat(10_000_000)}`), ['1:1 The file is larger than 64 KB.']);
});
