import type { Compare, Range } from '../facts/range.ts';
import type { Cursor } from './cursor.ts';
import type { Span } from './diagnostic.ts';
import type { Extent } from './tree-parts.ts';

/** Reads one value of a range, or reports what would be accepted. */
export type ReadValue<Value> = (cursor: Cursor) => Value | undefined;

/** Reads `at least V`, `below V`, `from V until V` or `V` alone. */
export function readExtent<Value>(
  cursor: Cursor,
  readValue: ReadValue<Value>,
  compare: Compare<Value>,
): Extent<Value> | undefined {
  if (cursor.take('at')) return cursor.expect('least') ? readEnd('from', cursor, readValue) : undefined;
  if (cursor.take('below')) return readEnd('until', cursor, readValue);
  if (reportComparison(cursor)) return undefined;
  if (!cursor.isWord('from')) {
    const value = readValue(cursor);
    return value === undefined ? undefined : { exactly: value };
  }
  return readFromUntil(cursor, readValue, compare, 'required');
}

/** Comparisons as other languages write them, and as we say the same; what has no word for it here has no fix. */
const comparisons: ReadonlyMap<string, string | undefined> = new Map([
  ['>=', 'at least'],
  ['<', 'below'],
  ['=', ''],
  ['==', ''],
  ['>', undefined],
  ['<=', undefined],
]);

/** Reports a comparison in signs, which stands alone or right before its value. */
function reportComparison(cursor: Cursor): boolean {
  const token = cursor.peek();
  const sign = token?.kind === 'word' ? /^[<>=]+/.exec(token.value)?.[0] : undefined;
  if (!token || sign === undefined) return false;
  const next = cursor.peek(1);
  const isAlone = sign === token.value;
  const span = {
    start: token.span.start,
    end: isAlone && next ? next.span.start : token.span.start + sign.length,
  };
  const words = comparisons.get(sign);
  const text = words === undefined ? undefined : words === '' ? '' : `${words} `;
  cursor.add(
    'unexpected-word',
    { start: token.span.start, end: token.span.start + sign.length },
    `${sign} is said in words. Expected: at least V, below V, from V until V, or V alone.`,
    text === undefined || (isAlone && !next)
      ? undefined
      : { title: words === '' ? `Remove ${sign}` : `Write ${words}`, span, text },
  );
  return true;
}

/** Reads `from V until V`, where either half may be left out. */
export function readWindow<Value>(
  cursor: Cursor,
  readValue: ReadValue<Value>,
  compare: Compare<Value>,
): Range<Value> | undefined {
  if (cursor.take('until')) return readEnd('until', cursor, readValue);
  if (cursor.isWord('from')) return readFromUntil(cursor, readValue, compare, 'optional');
  cursor.expectOneOf(['from', 'until']);
  return undefined;
}

function readFromUntil<Value>(
  cursor: Cursor,
  readValue: ReadValue<Value>,
  compare: Compare<Value>,
  until: 'required' | 'optional',
): Range<Value> | undefined {
  const start = cursor.peek()!.span.start;
  cursor.skip();
  const from = readValue(cursor);
  if (from === undefined) return undefined;
  if (!cursor.isWord('until') && until === 'optional') return { from };
  if (!cursor.expect('until')) return undefined;
  const end = readValue(cursor);
  if (end === undefined) return undefined;
  reportEmpty(cursor, { start, end: cursor.last()!.span.end }, compare(from, end) >= 0);
  return { from, until: end };
}

function readEnd<Value>(
  name: 'from' | 'until',
  cursor: Cursor,
  readValue: ReadValue<Value>,
): Range<Value> | undefined {
  const value = readValue(cursor);
  return value === undefined ? undefined : { [name]: value };
}

function reportEmpty(cursor: Cursor, span: Span, isEmpty: boolean): void {
  if (isEmpty)
    cursor.add(
      'empty-range',
      span,
      'Nothing lies in this range: it reaches from its first value up to, but not including, its second. Put the smaller one first.',
    );
}
