import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { format } from 'prettier';
import { top } from './imports.ts';

const row = (cells: readonly string[]) =>
  `| ${cells.map(cell => cell.replaceAll('|', String.raw`\|`)).join(' | ')} |`;

/** A table as Markdown. */
export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');

/** A text as code; without a text, nothing. */
export const code = (text: string): string => (text === '' ? '' : `\`${text}\``);

/** Holds what stands between `<!-- NAME -->` marks of a document to `block`; BOOTMEND_UPDATE_GOLDENS=1 writes it. */
export async function checkBlock(document: string, name: string, block: string): Promise<void> {
  const file = path.join(top, document);
  const text = readFileSync(file, 'utf8');
  const between = new RegExp(`(<!-- ${name} -->)[^]*(<!-- /${name} -->)`);
  const expected = await format(
    text.replace(between, (_, start, end) => `${start}\n\n${block}\n\n${end}`),
    { parser: 'markdown', printWidth: 110, singleQuote: true },
  );
  if (process.env['BOOTMEND_UPDATE_GOLDENS'] === '1') writeFileSync(file, expected);
  assert.equal(readFileSync(file, 'utf8'), expected);
}
