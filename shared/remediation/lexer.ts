import type { Span } from './diagnostic.ts';
import type { Report, SourceLine } from './source.ts';

/** A piece of a line. A `text` stands in quotes; its `value` is what stands between them. */
export interface Token {
  readonly kind: 'word' | 'text' | 'comma';
  readonly value: string;
  readonly span: Span;
}

/** A line as words, texts and commas. */
export interface TokenLine {
  readonly line: number;
  /** Width of the blanks before the first word; a tab counts as two. */
  readonly indent: number;
  /** From the first to the last character that is not blank. */
  readonly span: Span;
  readonly tokens: readonly Token[];
  /** The line's text after `#`, when the whole line is a comment. */
  readonly comment?: string;
}

const anyBlank = /^[\p{Z}\t\r]$/u;
const [tab, carriageReturn, space, quote, comma] = [0x09, 0x0d, 0x20, 0x22, 0x2c];

/** Most characters are ASCII, and of those three are blank. */
function isBlankAt(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return unit < 0x80 ? unit === space || unit === tab || unit === carriageReturn : anyBlank.test(text[at]!);
}

function isWordAt(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return unit !== comma && unit !== quote && !isBlankAt(text, at);
}

/** Cuts a line into tokens; blank lines have none. */
export function readTokens(source: SourceLine, report: Report): TokenLine {
  const { text, start, line } = source;
  const body = text.trimStart();
  const leading = text.slice(0, text.length - body.length);
  const first = start + leading.length;
  const span = { start: first, end: first + body.trimEnd().length };
  const indent = leading.replaceAll('\t', '  ').length;
  if (body.startsWith('#')) return { line, indent, span, tokens: [], comment: body.slice(1).trim() };

  const tokens: Token[] = [];
  for (let at = leading.length; at < text.length;) {
    if (isBlankAt(text, at)) {
      at++;
      continue;
    }
    if (text[at] === '#' && tokens.length > 0) {
      reportComment(source, at, leading, report);
      break;
    }
    const token = readToken(source, at, report);
    tokens.push(token);
    at = token.span.end - start;
  }
  return { line, indent, span, tokens };
}

function readToken({ text, start }: SourceLine, at: number, report: Report): Token {
  if (text[at] === ',')
    return { kind: 'comma', value: ',', span: { start: start + at, end: start + at + 1 } };
  if (text[at] === '"') {
    const close = text.indexOf('"', at + 1);
    const end = close < 0 ? text.trimEnd().length : close + 1;
    const span = { start: start + at, end: start + end };
    if (close < 0)
      report.add('unclosed-text', span, 'The text has no closing quote. It ends on its own line with ".', {
        title: 'Close the text',
        span: { start: span.end, end: span.end },
        text: '"',
      });
    return { kind: 'text', value: text.slice(at + 1, close < 0 ? end : close), span };
  }
  let end = at + 1;
  while (end < text.length && isWordAt(text, end)) end++;
  return { kind: 'word', value: text.slice(at, end), span: { start: start + at, end: start + end } };
}

function reportComment({ text, start }: SourceLine, at: number, leading: string, report: Report): void {
  report.add(
    'comment-needs-own-line',
    { start: start + at, end: start + text.trimEnd().length },
    'A comment stands on a line of its own, above what it explains. A name that starts with # needs quotes.',
    {
      title: 'Move the comment above',
      span: { start, end: start + text.length },
      text: `${leading}${text.slice(at).trimEnd()}\n${text.slice(0, at).trimEnd()}`,
    },
  );
}
