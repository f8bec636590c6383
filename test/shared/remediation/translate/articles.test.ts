import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { checkScript } from '../../../../shared/remediation/check-script.ts';
import { type Translation, translateText } from '../../../../shared/remediation/translate/translate-text.ts';
import { assertGolden } from '../golden.ts';
import { articles } from './articles.ts';

const fileOf = (title: string) => title.replaceAll(/\W+/g, '-');

/** Each pasted line with what it came to below it, and the script at the end. */
function showTranslation({ lines, script, advice }: Translation): string {
  const marks = { translated: '->', 'not-needed': 'not needed', 'not-translated': 'not translated' };
  const shown = lines.flatMap(({ line, source, kind, script: made, notes }) => [
    `${line} ${source}`,
    ...(made.length > 0 ? made.map(one => `  -> ${one}`) : []),
    ...notes.map(note => `  ${made.length > 0 && kind === 'translated' ? 'note' : marks[kind]}: ${note}`),
  ]);
  const toAdd = advice.map(one => `  add ${one.code}`);
  return [...shown, '', script.trimEnd(), ...toAdd, ''].join('\n');
}

describe('what vendors publish becomes a script line by line, and what does not is said', () => {
  for (const [title, text] of Object.entries(articles))
    test(title, () => {
      const translation = translateText(text);
      assertGolden(`translated/${fileOf(title)}`, showTranslation(translation));
      assert.deepEqual(
        translation.lines.map(one => one.line),
        text.split('\n').flatMap((line, at) => (line === '' ? [] : [at + 1])),
        'no line is dropped',
      );
      for (const one of translation.lines)
        assert.ok(one.script.length > 0 || one.notes.length > 0, `line ${one.line} says why`);
      const lacking = checkScript(translation.script).diagnostics.map(one => one.code);
      assert.ok(
        lacking.every(code => code === 'missing-evidence'),
        lacking.join(),
      );
    });
});

test('every golden of a translation has its article', () => {
  const files = readdirSync(path.join(import.meta.dirname, '../goldens/translated'));
  assert.deepEqual(
    files.map(file => path.parse(file).name).toSorted(),
    Object.keys(articles).map(fileOf).toSorted(),
  );
});
