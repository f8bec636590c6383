import { printable } from '../bytes/printable.ts';
import type { Diagnostic } from './diagnostic.ts';

/** A mistake in place: where, the line with a caret under it, what is wrong and how it can be mended. */
export function renderDiagnostic(text: string, diagnostic: Diagnostic, fileName: string): string {
  const { line, column, length, code, message, fix } = diagnostic;
  const source = printable(text.split('\n')[line - 1] ?? '');
  const number = String(line);
  const gutter = ' '.repeat(number.length);
  const caret = `${' '.repeat(column - 1)}${'^'.repeat(Math.max(1, Math.min(length, source.length - column + 1)))}`;
  return [
    `${fileName}:${line}:${column} ${code}`,
    `${gutter} |`,
    `${number} | ${source}`,
    `${gutter} | ${caret}`,
    `${gutter} = ${printable(message)}`,
    ...(fix ? [`${gutter} = fix: ${printable(fix.title)}`] : []),
  ].join('\n');
}
