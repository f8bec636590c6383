import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { applyFix } from '../../../shared/remediation/apply-fix.ts';
import { checkScript } from '../../../shared/remediation/check-script.ts';
import { diagnosticCodes } from '../../../shared/remediation/diagnostic.ts';
import { explainScript } from '../../../shared/remediation/explain-script.ts';
import { formatScript } from '../../../shared/remediation/format-script.ts';
import { planScript } from '../../../shared/remediation/plan-script.ts';
import { renderDiagnostic } from '../../../shared/remediation/render-diagnostic.ts';
import { arbitraryScript } from './arbitrary-script.ts';
import { MemoryVolume } from './memory-volume.ts';
import { mistakes } from './mistakes.ts';

const splinter = fc.oneof(
  fc.constantFrom(
    '"', ',', '#', '\\', '/', '%', '*', ':', '..', '~1', '\n', '\n  ', '\n   ', '\t', '\r\n', '\u0000', '\ufeff', '\u202e',
    ' ', '\ud800', '😀', 'in ', 'delete ', 'require any of\n', 'reboot\n', ' until ', 'written from ', '0x', '99999999999',
    'C:\\', '%SystemRoot%\\', 'at most ', 'remediation "', ' UTC',
  ),
  fc.string({ unit: 'binary', maxLength: 8 }),
); // prettier-ignore

const change = fc.record({ at: fc.nat(), remove: fc.nat({ max: 12 }), insert: splinter });
const small = Object.values(mistakes).filter(text => text.length < 4096);
const mutated = fc
  .tuple(
    fc.oneof(arbitraryScript, fc.constantFrom(...small)),
    fc.array(change, { minLength: 1, maxLength: 6 }),
  )
  .map(([text, changes]) =>
    changes.reduce((now, { at, remove, insert }) => {
      const start = at % (now.length + 1);
      return `${now.slice(0, start)}${insert}${now.slice(start + remove)}`;
    }, text),
  );

/** Everything that can be done with a text is done; either it is sound or each mistake has its place. */
function exercise(text: string): void {
  const { script, diagnostics } = checkScript(text);
  assert.equal(script === undefined, diagnostics.length > 0);
  for (const diagnostic of diagnostics) {
    const { code, span, line, column, length, fix } = diagnostic;
    assert.ok(diagnosticCodes.includes(code));
    assert.ok(span.start >= 0 && span.start <= span.end && span.end <= text.length);
    assert.ok(column >= 1 && length >= 0 && line >= 1 && line <= text.split('\n').length);
    renderDiagnostic(text, diagnostic, 'x.mend');
    if (fix) assert.notEqual(applyFix(text, fix), text, code);
  }
  if (!script) return;
  assert.deepEqual(checkScript(formatScript(script)).diagnostics, []);
  explainScript(script);
  planScript(script, new MemoryVolume(), {});
}

test('mutated scripts are read or refused in place, whatever they hold', () => {
  fc.assert(fc.property(mutated, exercise), { numRuns: 1500 });
});

test('any text is read or refused in place', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 300 }), exercise), { numRuns: 1000 });
});

test('texts of the largest size take no longer than their length deserves', () => {
  const size = 64 * 1024;
  const fill = (text: string) => text.repeat(Math.ceil(size / text.length)).slice(0, size);
  const texts = [
    '"',
    ',',
    '\n',
    ' ',
    '#',
    '\t',
    '\r',
    '*',
    '\\',
    'delete ',
    'require any of\n',
    ' \n',
    'x',
    '\u202e',
  ].map(fill);
  const nested = Array.from({ length: 350 }, (_, depth) => `${' '.repeat(depth)}any of`).join('\n');
  for (const text of [...texts, `require ${nested}`, `delete %SystemRoot%\\${fill('*a').slice(0, 60_000)}`])
    exercise(text);
});
