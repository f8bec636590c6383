import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { checkScript } from '../../../shared/remediation/check-script.ts';
import { formatScript } from '../../../shared/remediation/format-script.ts';
import { explainScript } from '../../../shared/remediation/explain-script.ts';

const sound = String.raw`delete %SystemRoot%\System32\drivers\Contoso\bad-*.sys`;
const codesOf = (text: string) => checkScript(text).diagnostics.map(one => one.code);

/** All mistakes that are listed, and the word that there are more. */
const mostDiagnostics = 101;
const million = 1_000_000;

describe('what is too large is not looked at: one diagnostic, whatever it holds', () => {
  const texts: Readonly<Record<string, string>> = {
    'a megabyte of steps': `${sound}\n`.repeat(20_000),
    'a megabyte without an end of line': 'x'.repeat(1024 * 1024),
    'a megabyte of ends of line': '\n'.repeat(1024 * 1024),
    'a megabyte in two-byte letters': 'я'.repeat(512 * 1024),
    'a million guards in one another': `require any of\n${'  any of\n'.repeat(million)}`,
    'a million guards, each indented by one more': `require any of\n${' any of\n'.repeat(million)}`,
    'a million quotes': '"'.repeat(million),
    'a million marks from right to left': '\u202e'.repeat(million),
    'just too many bytes, not too many letters': `# ${'я'.repeat(33 * 1024)}\n${sound}\n`,
  };
  for (const [what, text] of Object.entries(texts))
    test(what, () => assert.deepEqual(codesOf(text), ['too-large']));
});

describe('what is just small enough is told with a bounded number of diagnostics', () => {
  const nest = (depth: number, indent: string, word = 'any of') =>
    Array.from({ length: depth }, (_, at) => `${indent.repeat(at + 1)}${word}\n`).join('');
  const texts: Readonly<Record<string, string>> = {
    'guards 240 deep': `require any of\n${nest(240, '  ')}${sound}\n`,
    'guards 340 deep, indented by one': `require any of\n${nest(340, ' ', 'none of')}${sound}\n`,
    'empty groups side by side': `require any of\n${'  any of\n'.repeat(7000)}${sound}\n`,
    'conditions side by side': `require any of\n${'  crash code is 0x50\n'.repeat(3000)}${sound}\n`,
    'conditions with and': `require crash code is 0x50${' and crash code is 0x50'.repeat(2500)}\n${sound}\n`,
    'steps without end': `${sound}\n`.repeat(1100),
    'guards behind steps': `${sound}\n${'require crash code is 0x50\n'.repeat(2000)}`,
    'commas': `${sound}${','.repeat(60_000)}\n`,
    'a word without end': `delete ${'a'.repeat(60_000)}\n`,
    'damaged bytes': '\ufffd'.repeat(20_000),
    'zeros': '\u0000'.repeat(60_000),
  }; // prettier-ignore
  for (const [what, text] of Object.entries(texts))
    test(what, () => {
      const { script, diagnostics } = checkScript(text);
      assert.equal(script, undefined);
      assert.ok(diagnostics.length > 0 && diagnostics.length <= mostDiagnostics, `${diagnostics.length}`);
      for (const { message } of diagnostics) assert.ok(message.length < 2000, message.slice(0, 80));
    });
});

describe('a character that is not what it seems is told where it stands', () => {
  const marks = ['\u0000', '\u0001', '\u001b', '\u007f', '\u0085', '\u00ad', '\u200b', '\u200d', '\u200e', '\u200f', '\u202a', '\u202e', '\u2028', '\u2066', '\u2069', '\ufeff', '\ufffd', '\ue000', '\ud800', '\u{e0041}', '\u00a0', '\u3000']; // prettier-ignore
  const places: Readonly<Record<string, (mark: string) => string>> = {
    'in a verb': mark => `del${mark}ete %SystemRoot%\\Temp\\bad.sys\n`,
    'in a path': mark => `delete %SystemRoot%\\Temp\\b${mark}ad.sys\n`,
    'in a text': mark => `remediation "Delete${mark} it"\n\n${sound}\n`,
    'in a comment': mark => `# what${mark} follows\n${sound}\n`,
    'at the end': mark => `${sound}\n\n# end${mark}`,
  };
  for (const [where, write] of Object.entries(places))
    test(where, () => {
      for (const mark of marks) {
        const text = write(mark);
        const { script, diagnostics } = checkScript(text);
        const name = `U+${mark.codePointAt(0)!.toString(16)}`;
        assert.equal(script, undefined, name);
        const at = text.indexOf(mark);
        const told = diagnostics.some(one => one.code === 'forbidden-character' && one.span.start === at);
        assert.ok(told, `${name}: ${JSON.stringify(diagnostics)}`);
      }
    });
});

describe('letters of another alphabet are no letters of a word', () => {
  const alike: Readonly<Record<string, string>> = {
    'a Cyrillic verb': sound.replace('e', '\u0435'),
    'a Greek verb': sound.replace('d', '\u0501'),
    'a wide verb': sound.replace('delete', '\uff44\uff45\uff4c\uff45\uff54\uff45'),
    'a Cyrillic clause': `${sound}, \u0430t most 4 files`,
    'a Cyrillic place': sound.replace('SystemRoot', 'Syst\u0435mRoot'),
    'a Cyrillic guard': `requir\u0435 crash code is 0x50\n${sound}`,
    'a Cyrillic zone': `${sound}, written from 2024-07-19 04:09 UT\u0421`,
    'digits of another script': `${sound}, at most \u0664 files`,
    'a curly quote': `remediation \u201cDelete it\u201d\n\n${sound}`,
    'a long dash': `${sound} \u2014 the bad ones`,
    'an old name': sound.replace('delete', 'DELETE'),
  };
  for (const [what, text] of Object.entries(alike))
    test(what, () => {
      const { script, diagnostics } = checkScript(text);
      assert.equal(script, undefined);
      assert.ok(diagnostics.length > 0 && diagnostics.length < 5, JSON.stringify(diagnostics));
    });
});

test('a path in another alphabet is what it says, and is written and explained as it is', () => {
  const text = 'delete %ProgramFiles%\\Контосо\\плохой.sys\n';
  const { script, diagnostics } = checkScript(text);
  assert.deepEqual(diagnostics, []);
  assert.equal(formatScript(script!), text);
  assert.match(JSON.stringify(explainScript(script!)), /плохой\.sys/);
});
