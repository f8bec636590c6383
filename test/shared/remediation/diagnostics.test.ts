import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { applyFix } from '../../../shared/remediation/apply-fix.ts';
import { checkScript } from '../../../shared/remediation/check-script.ts';
import { type Diagnostic, diagnosticCodes } from '../../../shared/remediation/diagnostic.ts';
import { renderDiagnostic } from '../../../shared/remediation/render-diagnostic.ts';
import { assertGolden, showInPlace } from './golden.ts';
import { mended, mistakes, typicalMistakes } from './mistakes.ts';

describe('every mistake is told in place', () => {
  for (const code of diagnosticCodes)
    test(code, () => {
      const text = mistakes[code];
      const { script, diagnostics } = checkScript(text);
      assert.equal(script, undefined);
      assert.ok(
        diagnostics.some(diagnostic => diagnostic.code === code),
        `found only ${diagnostics.map(diagnostic => diagnostic.code).join(', ')}`,
      );
      assertGolden(code, showInPlace(text, diagnostics));
    });
});

test('there is no golden without its mistake', () => {
  const namesIn = (folder: string) =>
    readdirSync(path.join(import.meta.dirname, folder)).map(file => path.parse(file).name);
  assert.deepEqual(namesIn('goldens').toSorted(), [...diagnosticCodes, 'translated', 'typical'].toSorted());
  assert.deepEqual(
    namesIn('goldens/typical').toSorted(),
    Object.keys(typicalMistakes).map(fileOf).toSorted(),
  );
});

const fileOf = (title: string) => title.replaceAll(/\W+/g, '-');

/** What no program can mend: what is protected, and what the author has to look up. */
const closed: ReadonlySet<string> = new Set([
  'a hive to delete',
  'a key that holds protected ones',
  'an update instead of its change',
  'a file onto itself',
]);

describe('what authors write most often is told in place, and mended but for what is closed', () => {
  for (const [title, text] of Object.entries(typicalMistakes))
    test(title, () => {
      const { diagnostics } = checkScript(text);
      assertGolden(`typical/${fileOf(title)}`, showInPlace(text, diagnostics));
      const isClosed = closed.has(title);
      assert.equal(checkScript(applyFixes(text)).script === undefined, isClosed);
    });
});

/** Every fix that is offered, one after another. */
function applyFixes(text: string): string {
  let fixed = text;
  for (let round = 0; round < 10; round++) {
    const fixable = checkScript(fixed).diagnostics.find(diagnostic => diagnostic.fix);
    if (!fixable) break;
    fixed = applyFix(fixed, fixable.fix!);
  }
  return fixed;
}

describe('fixes, applied one after another, leave nothing to complain about', () => {
  for (const code of diagnosticCodes)
    test(code, () => {
      let text = mistakes[code];
      const fixed = new Set<string>();
      for (let round = 0; round < 10; round++) {
        const fixable = checkScript(text).diagnostics.find(diagnostic => diagnostic.fix);
        if (!fixable) break;
        fixed.add(fixable.code);
        text = applyFix(text, fixable.fix!);
      }
      const { script, diagnostics } = checkScript(text);
      assert.equal(fixed.has(code), mended.has(code), `fixed: ${[...fixed].join(', ')}`);
      if (mended.has(code)) assert.ok(script, JSON.stringify(diagnostics));
    });
});

test('each fix by itself changes the text and answers what it stands at', () => {
  for (const text of [...Object.values(mistakes), ...Object.values(typicalMistakes)])
    for (const { code, message, line, column, fix } of checkScript(text).diagnostics) {
      if (!fix) continue;
      const fixed = applyFix(text, fix);
      assert.notEqual(fixed, text, `${code}: ${fix.title}`);
      const isSame = (one: Diagnostic) =>
        one.code === code && one.message === message && one.line === line && one.column === column;
      // Of lines that are all alike the next one takes the place of one that was removed.
      if (code !== 'too-many-problems' && !fix.title.startsWith('Remove'))
        assert.ok(!checkScript(fixed).diagnostics.some(isSame), `${code}: ${fix.title}`);
    }
});

test('all mistakes are told in one pass, in the order of the text', () => {
  const text = [
    'remediation "Two mistakes"',
    '  risk enormous',
    'require driver csagent version at least seven',
    String.raw`delete C:\Windows\bad.sys, at least 4 files, written from 2024-07-19 04:09 UTC`,
    String.raw`delete %SystemRoot%\System32\config\SAM`,
    'rebot',
  ].join('\n');
  const found = checkScript(text).diagnostics.map(({ code, line }) => `${line} ${code}`);
  assert.deepEqual(found, [
    '2 unknown-word',
    '3 invalid-version',
    '4 drive-letter',
    '4 unknown-word',
    '5 protected-place',
    '6 unknown-word',
  ]);
});

test('a mistake is rendered with file, line, column, caret and fix', () => {
  const text = String.raw`delete C:\Windows\bad.sys`;
  const [diagnostic] = checkScript(text).diagnostics;
  assert.equal(
    renderDiagnostic(text, diagnostic!, 'x.mend'),
    [
      'x.mend:1:8 drive-letter',
      '  |',
      String.raw`1 | delete C:\Windows\bad.sys`,
      '  |        ^^^^^^^^^^^^^^^^^^',
      '  = Drive letters mean nothing in a recovery environment. Expected: a place, as %SystemRoot%.',
      String.raw`  = fix: Write %SystemRoot%\bad.sys`,
    ].join('\n'),
  );
});
