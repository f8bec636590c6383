import { printable } from '../bytes/printable.ts';
import type { Diagnostic } from './diagnostic.ts';

const longestShown = 160;

/** A mistake in place: where, the line with a caret under it, what is wrong and how it can be mended. */
export function renderDiagnostic(text: string, diagnostic: Diagnostic, fileName: string): string {
  const { line, column, length, code, message, fix } = diagnostic;
  const source = printable(text.split('\n')[line - 1] ?? '');
  const number = String(line);
  const gutter = ' '.repeat(number.length);
  // Of a line too long for a screen, the part around the mistake.
  const from = column + 20 > longestShown ? column - 41 : 0;
  const shown = source.slice(from, from + longestShown);
  const at = column - 1 - from;
  const caret = `${' '.repeat(at)}${'^'.repeat(Math.max(1, Math.min(length, shown.length - at)))}`;
  return [
    `${fileName}:${line}:${column} ${code}`,
    `${gutter} |`,
    `${number} | ${shown}`,
    `${gutter} | ${caret}`,
    `${gutter} = ${printable(message)}`,
    ...(fix ? [`${gutter} = fix: ${printable(fix.title)}`] : []),
  ].join('\n');
}
