import { actionDefinitions } from '../action-table.ts';
import type { Span } from '../diagnostic.ts';
import { readTokens } from '../lexer.ts';
import { Report } from '../source.ts';

/** What a stretch of a line is, for colours. */
export type HighlightKind = 'comment' | 'verb' | 'keyword' | 'text' | 'path' | 'number' | 'word';

export interface Highlight {
  readonly span: Span;
  readonly kind: HighlightKind;
}

/** The words that actions open with. */
const verbs: ReadonlySet<string> = new Set(actionDefinitions.map(one => one.verb.split(' ')[0]!));
const keywords: ReadonlySet<string> = new Set([
  'remediation',
  'require',
  'in',
  'verify',
  'reboot',
  'risk',
  'source',
  'tell',
]);

/** The stretches of one line that begins at `start`. */
export function highlightLine(line: string, start: number): readonly Highlight[] {
  const { tokens, comment, span } = readTokens({ line: 1, start, text: line }, new Report(''));
  if (comment !== undefined) return [{ span, kind: 'comment' }];
  return tokens.flatMap((token, at): Highlight[] => {
    if (token.kind === 'comma') return [];
    if (token.kind === 'text')
      return [{ span: token.span, kind: token.value.startsWith('%') ? 'path' : 'text' }];
    const { value } = token;
    if (at === 0 && verbs.has(value)) return [{ span: token.span, kind: 'verb' }];
    if (at === 0 && keywords.has(value)) return [{ span: token.span, kind: 'keyword' }];
    if (/^(%|HKLM\\|https:)|\\/.test(value)) return [{ span: token.span, kind: 'path' }];
    if (/^(0x)?[0-9][0-9a-f.:-]*$/i.test(value)) return [{ span: token.span, kind: 'number' }];
    return [{ span: token.span, kind: 'word' }];
  });
}
