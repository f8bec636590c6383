import { readTokens, type Token } from '../lexer.ts';
import { Report } from '../source.ts';

/** The line that a position stands in, and what it stands below. */
export interface LineContext {
  /** Offset of the first character of the line. */
  readonly start: number;
  readonly tokens: readonly Token[];
  readonly isComment: boolean;
  /** First words of the lines that this one is indented below, the nearest last. */
  readonly parents: readonly (readonly string[])[];
}

const mostParentLines = 200;

/** What is known of the line at an offset, without reading the whole script. */
export function contextAt(text: string, offset: number): LineContext {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const newline = text.indexOf('\n', offset);
  const line = text.slice(start, newline < 0 ? text.length : newline);
  const { tokens, comment } = readTokens({ line: 1, start, text: line }, new Report(''));
  return { start, tokens, isComment: comment !== undefined, parents: parentsOf(text, start, indentOf(line)) };
}

function parentsOf(text: string, start: number, indent: number): (readonly string[])[] {
  const parents: (readonly string[])[] = [];
  let [end, depth] = [start - 1, indent];
  for (let count = 0; count < mostParentLines && end >= 0 && depth > 0; count++) {
    const lineStart = text.lastIndexOf('\n', end - 1) + 1;
    const line = text.slice(lineStart, end);
    if (line.trim() !== '' && !line.trimStart().startsWith('#') && indentOf(line) < depth) {
      depth = indentOf(line);
      parents.unshift(line.trim().split(/\s+/, 3));
    }
    end = lineStart - 1;
  }
  return parents;
}

const indentOf = (line: string) => line.length - line.trimStart().length;
