import type { Span } from './diagnostic.ts';
import { readTokens, type Token } from './lexer.ts';
import type { Report, SourceLine } from './source.ts';
import type { Statement } from './tree-parts.ts';

/** A line that says something, the comments above it and the lines indented below it. */
export interface Line {
  readonly line: number;
  readonly span: Span;
  readonly tokens: readonly Token[];
  readonly comments: readonly string[];
  readonly body: readonly Line[];
  /** How many bodies it stands in. */
  readonly depth: number;
}

/** The lines of a script as a tree by indentation, and the comments after the last one. */
export interface Layout {
  readonly lines: readonly Line[];
  readonly closingComments: readonly string[];
}

interface Open {
  readonly indent: number;
  readonly lines: Line[];
}

/** Reads the layout: a body is indented by two spaces, and anything else is a mistake, never another meaning. */
export function readLayout(sourceLines: readonly SourceLine[], report: Report): Layout {
  const top: Line[] = [];
  const open: Open[] = [{ indent: 0, lines: top }];
  let comments: string[] = [];
  for (const sourceLine of sourceLines) {
    const { indent, span, tokens, comment, line } = readTokens(sourceLine, report);
    if (comment !== undefined) comments.push(comment);
    if (tokens.length === 0) continue;

    while (open.length > 1 && indent < open.at(-1)!.indent) open.pop();
    const parent = open.at(-1)!.lines.at(-1);
    if (indent > open.at(-1)!.indent && parent) open.push({ indent, lines: parent.body as Line[] });

    const depth = open.length - 1;
    const given = { start: sourceLine.start, end: span.start };
    if (indent !== depth * 2)
      report.add(
        'wrong-indentation',
        given,
        `The line is indented by ${indent}. Here it would be ${depth * 2}: two spaces for each body it stands in.`,
        { title: `Indent by ${depth * 2}`, span: given, text: '  '.repeat(depth) },
      );
    open.at(-1)!.lines.push({ line, span, tokens, comments, body: [], depth });
    comments = [];
  }
  return { lines: top, closingComments: comments };
}

/** Where a line ends with everything in its body. */
export const endOf = (line: Line): number =>
  line.body.length === 0 ? line.span.end : endOf(line.body.at(-1)!);

export const statementOf = ({ line, span, comments }: Line): Statement => ({ line, span, comments });
