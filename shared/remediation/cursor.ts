import type { DiagnosticCode, Fix, Span } from './diagnostic.ts';
import { endOf, type Line } from './layout.ts';
import type { Token } from './lexer.ts';
import { findNearWord } from './near-word.ts';
import type { Report } from './source.ts';

/** Walks over the words of one line. What does not fit is reported here, once, and reads as undefined. */
export class Cursor {
  readonly line: Line;
  readonly report: Report;
  #at = 0;

  constructor(line: Line, report: Report) {
    this.line = line;
    this.report = report;
  }

  peek(ahead = 0): Token | undefined {
    return this.line.tokens[this.#at + ahead];
  }

  /** The token before the next one. */
  last(): Token | undefined {
    return this.line.tokens[this.#at - 1];
  }

  skip(): void {
    this.#at++;
  }

  isWord(word: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return token?.kind === 'word' && token.value === word;
  }

  /** Takes the next word when it is this one. */
  take(word: string): boolean {
    if (!this.isWord(word)) return false;
    this.#at++;
    return true;
  }

  takeComma(): boolean {
    if (this.peek()?.kind !== 'comma') return false;
    this.#at++;
    return true;
  }

  /** Reads exactly this word. */
  expect(word: string): boolean {
    if (this.take(word)) return true;
    this.expectOneOf([word]);
    return false;
  }

  /** Reads one of these words. */
  expectOneOf<Word extends string>(words: readonly Word[]): Word | undefined {
    const token = this.peek();
    if (token?.kind === 'word' && isOneOf(token.value, words)) {
      this.#at++;
      return token.value;
    }
    if (token?.kind === 'word') this.#reportUnknown(token, words);
    else this.reportMissing(words.length === 1 ? `the word ${words[0]}` : `one of ${words.join(', ')}`);
    return undefined;
  }

  /** Reads the next word or text whatever it is; `what` says what would be accepted. */
  readValue(what: string): Token | undefined {
    const token = this.peek();
    if (token && token.kind !== 'comma') {
      this.#at++;
      return token;
    }
    this.reportMissing(what);
    return undefined;
  }

  /** Reports that something else stands here, or that the line ends too early. */
  reportMissing(what: string, fix?: Fix): void {
    const token = this.peek();
    if (token)
      this.add('unexpected-word', token.span, `${nameOf(token)} stands here. Expected: ${what}.`, fix);
    else
      this.add(
        'unfinished-line',
        { start: this.line.span.end, end: this.line.span.end },
        `The line ends too early. Expected: ${what}.`,
        fix,
      );
  }

  /** Reports words after the end of what the line can say. */
  expectEnd(): boolean {
    const token = this.peek();
    if (!token) return true;
    const rest = { start: token.span.start, end: Math.max(token.span.end, this.line.span.end) };
    this.add('unexpected-word', rest, `${nameOf(token)} stands here. Expected: the end of the line.`);
    return false;
  }

  /** Reports lines that are indented below a line that has no body. */
  expectNoBody(): boolean {
    const { line, report } = this;
    const [first] = line.body;
    if (!first) return true;
    const start = report.text.lastIndexOf('\n', first.span.start) + 1;
    const span = { start, end: endOf(line) };
    const surplus = first.span.start - start - line.depth * 2;
    const text = report.text
      .slice(span.start, span.end)
      .split('\n')
      .map(one => one.slice(Math.min(surplus, one.length - one.trimStart().length)))
      .join('\n');
    report.add(
      'unexpected-body',
      first.span,
      'Nothing can be indented below the line above: it has no body. Expected: the same indentation.',
      // A line that is not indented as it should be is mended first.
      surplus > 0 ? { title: 'Move it to the left', span, text } : undefined,
    );
    return false;
  }

  add(code: DiagnosticCode, span: Span, message: string, fix?: Fix): void {
    this.report.add(code, span, message, fix);
  }

  #reportUnknown(token: Token, words: readonly string[]): void {
    const near = findNear(token.value, words);
    const expected = words.length === 1 ? `the word ${words[0]}` : `one of ${words.join(', ')}`;
    this.add(
      'unknown-word',
      token.span,
      near === undefined
        ? `The word ${token.value} has no meaning here. Expected: ${expected}.`
        : `The word ${token.value} has no meaning here. Did you mean ${near}? Expected: ${expected}.`,
      near === undefined ? undefined : { title: `Write ${near}`, span: token.span, text: near },
    );
  }
}

const isOneOf = <Word extends string>(text: string, words: readonly Word[]): text is Word =>
  (words as readonly string[]).includes(text);

const nameOf = (token: Token) =>
  token.kind === 'comma' ? 'A comma' : token.kind === 'text' ? `The text "${token.value}"` : token.value;

/** Words that people bring from shells and other languages, and ours. */
const habits: ReadonlyMap<string, string> = new Map([
  ['del', 'delete'],
  ['erase', 'delete'],
  ['rm', 'delete'],
  ['ren', 'rename'],
  ['mv', 'rename'],
  ['move', 'rename'],
  ['xcopy', 'copy'],
  ['robocopy', 'copy'],
  ['if', 'require'],
  ['when', 'require'],
  ['restart', 'reboot'],
  ['shutdown', 'reboot'],
  ['rollback', 'roll'],
]);

/** The word that was probably meant: one that people bring along, or one that is hardly different. */
function findNear(given: string, words: readonly string[]): string | undefined {
  const brought = habits.get(given.toLowerCase());
  return brought !== undefined && words.includes(brought) ? brought : findNearWord(given, words);
}
