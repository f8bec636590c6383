import { utf8LengthOf } from '../bytes/utf8.ts';
import type { Diagnostic, DiagnosticCode, Fix, Span } from './diagnostic.ts';

/** Sixty-four kilobytes: the largest script there is. */
export const maxScriptBytes = 64 * 1024;
export const maxLineLength = 512;
const maxDiagnostics = 100;

/** Collects mistakes with their places in one text. */
export class Report {
  readonly text: string;
  readonly #lineStarts: readonly number[];
  readonly #found: Diagnostic[] = [];
  #dropped = false;

  constructor(text: string) {
    this.text = text;
    this.#lineStarts = listLineStarts(text);
  }

  get diagnostics(): readonly Diagnostic[] {
    const sorted = this.#found.toSorted((a, b) => a.span.start - b.span.start);
    return this.#dropped ? [...sorted, this.#place('too-many-problems', atEnd(this.text), tooMany)] : sorted;
  }

  get isClean(): boolean {
    return this.#found.length === 0;
  }

  add(code: DiagnosticCode, span: Span, message: string, fix?: Fix): void {
    if (this.#found.length >= maxDiagnostics) this.#dropped = true;
    else this.#found.push(this.#place(code, span, message, fix));
  }

  #place(code: DiagnosticCode, span: Span, message: string, fix?: Fix): Diagnostic {
    const line = this.#lineOf(span.start);
    const lineEnd = (this.#lineStarts[line] ?? this.text.length + 1) - 1;
    return {
      code,
      message,
      span,
      line,
      column: span.start - this.#lineStarts[line - 1]! + 1,
      length: Math.max(0, Math.min(span.end, lineEnd) - span.start),
      ...(fix && { fix }),
    };
  }

  #lineOf(offset: number): number {
    let [low, high] = [0, this.#lineStarts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (this.#lineStarts[middle]! <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  }
}

const tooMany = `More than ${maxDiagnostics} mistakes; the rest is not listed. Mend these first.`;
const atEnd = (text: string): Span => ({ start: text.length, end: text.length });

function listLineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** One line of the text without its end. `line` counts from 1. */
export interface SourceLine {
  readonly line: number;
  readonly start: number;
  readonly text: string;
}

/**
 * Checks the rules of the text itself and cuts it into lines. The text is the signed artefact, so nothing in it may be
 * invisible or ambiguous. Undefined when it is too large to be looked at.
 */
export function readSource(report: Report): readonly SourceLine[] | undefined {
  const { text } = report;
  if (text.length > maxScriptBytes || utf8LengthOf(text) > maxScriptBytes) {
    report.add(
      'too-large',
      { start: 0, end: 0 },
      `The script is larger than ${maxScriptBytes / 1024} KB. One remediation, one script: split it.`,
    );
    return undefined;
  }
  checkCarriageReturns(report);
  const lines: SourceLine[] = [];
  let start = 0;
  for (const [index, raw] of text.split('\n').entries()) {
    const mark = index === 0 && raw.startsWith('\ufeff') ? 1 : 0;
    if (mark) reportByteOrderMark(report);
    const end = raw.endsWith('\r') ? raw.length - 1 : raw.length;
    const line = { line: index + 1, start: start + mark, text: raw.slice(mark, end) };
    checkCharacters(report, line);
    lines.push(line);
    start += raw.length + 1;
  }
  return lines;
}

function reportByteOrderMark(report: Report): void {
  const span = { start: 0, end: 1 };
  report.add(
    'byte-order-mark',
    span,
    'The file starts with a byte order mark, which would be signed unseen. Save it as UTF-8 without one.',
    { title: 'Remove the byte order mark', span, text: '' },
  );
}

function checkCarriageReturns(report: Report): void {
  const at = report.text.indexOf('\r');
  if (at < 0) return;
  report.add(
    'carriage-return',
    { start: at, end: at },
    'Lines end in carriage return and line feed here. End them in a line feed alone.',
    {
      title: 'End all lines in a line feed',
      span: { start: 0, end: report.text.length },
      text: report.text.replaceAll(/\r\n?/g, '\n'),
    },
  );
}

// Controls, invisible marks (they can reorder what a reviewer sees), unassigned, line separators, odd blanks.
const forbidden = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\ufffd]|(?! )\p{Zs}/gu;

const plain = /^[\x20-\x7e]*$/;

function checkCharacters(report: Report, line: SourceLine): void {
  if (line.text.length > maxLineLength)
    report.add(
      'line-too-long',
      { start: line.start + maxLineLength, end: line.start + line.text.length },
      `The line has ${line.text.length} characters. At most ${maxLineLength} fit on one.`,
    );
  if (plain.test(line.text)) return;
  for (const match of line.text.slice(0, maxLineLength).matchAll(forbidden)) {
    const character = match[0];
    if (character === '\r') continue;
    const span = { start: line.start + match.index, end: line.start + match.index + character.length };
    if (character === '\t') reportTab(report, line, span);
    else reportForbidden(report, character, span);
  }
}

function reportTab(report: Report, line: SourceLine, span: Span): void {
  const isIndentation = line.text.slice(0, span.end - line.start).trim() === '';
  report.add('tab', span, 'A tab looks different everywhere. Indent by two spaces and part words by one.', {
    title: 'Write spaces',
    span,
    text: isIndentation ? '  ' : ' ',
  });
}

function reportForbidden(report: Report, character: string, span: Span): void {
  const name = `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`;
  if (character === '\ufffd') {
    report.add(
      'forbidden-character',
      span,
      `A character here was damaged (${name}). Save the file as UTF-8.`,
    );
    return;
  }
  const isBlank = /\p{Z}/u.test(character);
  report.add(
    'forbidden-character',
    span,
    `The character ${name} cannot be seen as what it is. ${isBlank ? 'Write a plain space.' : 'Remove it.'}`,
    { title: isBlank ? 'Write a space' : `Remove ${name}`, span, text: isBlank ? ' ' : '' },
  );
}
