import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { hexNumber } from '../../../shared/bytes/hex-number.ts';
import { printable } from '../../../shared/bytes/printable.ts';
import { textOfUtf16, utf16Of } from '../../../shared/bytes/utf16.ts';
import { textOfUtf8, utf8LengthOf, utf8Of } from '../../../shared/bytes/utf8.ts';

test('UTF-16 text is written as Node writes it and comes back, with lone surrogates as well', () => {
  const anyText = fc.string({ unit: 'binary', maxLength: 300 });
  fc.assert(
    fc.property(anyText, text => {
      assert.deepEqual(Buffer.from(utf16Of(text)), Buffer.from(text, 'utf16le'));
      assert.equal(textOfUtf16(utf16Of(text)), text);
    }),
  );
  assert.equal(textOfUtf16(utf16Of('x'.repeat(9000))), 'x'.repeat(9000));
  assert.equal(textOfUtf16(Uint8Array.of(0x41, 0x00, 0x42)), 'A');
  assert.equal(textOfUtf16(utf16Of('\ud800')), '\ud800');
});

test('UTF-8 text is written as Node writes it and comes back, and damage is counted', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), text => {
      assert.deepEqual(Buffer.from(utf8Of(text)), Buffer.from(text));
      assert.deepEqual(textOfUtf8(utf8Of(text)), { text, damagedBytes: 0 });
    }),
  );
  const long = `${'x'.repeat(5000)}ß${'y'.repeat(4096)}`;
  assert.deepEqual(textOfUtf8(utf8Of(long)), { text: long, damagedBytes: 0 });
  assert.deepEqual(textOfUtf8(Uint8Array.of(0x41, 0xff, 0x42, 0xc3)), {
    text: 'A\ufffdB\ufffd',
    damagedBytes: 2,
  });
});

test('text from outside cannot steer a terminal or hide in a page', () => {
  assert.equal(printable('a\u001b[31mb\0\u202ec\ud800d'), 'a\ufffd[31mb\ufffd\ufffdc\ufffdd');
  assert.equal(printable('Größe 大小 \u{1f600}'), 'Größe 大小 \u{1f600}');
});

test('numbers are lower-case hex without leading zeros', () => {
  assert.equal(hexNumber(0xfffff80671430000n), '0xfffff80671430000');
  assert.equal(hexNumber(0), '0x0');
});

test('the length of UTF-8 is that of its bytes', () => {
  for (const text of ['', 'plain', 'Straße', 'ÿĀ߿ࠀ', '\u{1f600}x', '\ud800', '\udc00\ud800', '\ud83dx'])
    assert.equal(utf8LengthOf(text), utf8Of(text).length, text);
});
