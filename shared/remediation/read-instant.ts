import type { Cursor } from './cursor.ts';
import type { Span } from './diagnostic.ts';
import { printInstant } from './units.ts';

const what = 'an instant, as 2024-07-19 04:09 UTC';

/** Reads `YYYY-MM-DD hh:mm[:ss] UTC` as milliseconds since 1970. */
export function readInstant(cursor: Cursor): number | undefined {
  const date = cursor.readValue(what);
  if (!date) return undefined;
  if (date.kind !== 'word' || !/^\d{4}-\d{2}-\d{2}$/.test(date.value)) {
    reportForm(cursor, date.span, date.value);
    return undefined;
  }
  const time = cursor.readValue('a time of day, as 04:09');
  if (!time) return undefined;
  const span = { start: date.span.start, end: time.span.end };
  const instantMs = instantOf(`${date.value}T${time.value}Z`);
  if (time.kind !== 'word' || instantMs === undefined) {
    reportForm(cursor, span, `${date.value} ${time.value}`);
    return undefined;
  }
  return readZone(cursor, span.end) ? instantMs : undefined;
}

function readZone(cursor: Cursor, end: number): boolean {
  if (cursor.take('UTC')) return true;
  const token = cursor.peek();
  const isOther = token?.kind === 'word' && /^(utc|gmt|z)$/i.test(token.value);
  cursor.add(
    'missing-zone',
    isOther ? token.span : { start: end, end },
    'The instant names no zone. Times of files are UTC: write UTC behind it, and convert it first if it is not.',
    isOther
      ? { title: 'Write UTC', span: token.span, text: 'UTC' }
      : { title: 'Write UTC', span: { start: end, end }, text: ' UTC' },
  );
  return false;
}

function reportForm(cursor: Cursor, span: Span, given: string): void {
  const instantMs = instantOf(given.replace(' ', 'T'));
  const text = instantMs === undefined ? undefined : printInstant(instantMs);
  cursor.add(
    'invalid-instant',
    span,
    `${given} is not an instant that exists. Expected: ${what}.`,
    text === undefined ? undefined : { title: `Write ${text}`, span, text },
  );
}

/** Milliseconds of an ISO instant in UTC; undefined when there is no such day or time. */
function instantOf(iso: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.0+)?)?Z$/.test(iso)) return undefined;
  const instantMs = Date.parse(iso);
  const isReal = !Number.isNaN(instantMs) && new Date(instantMs).toISOString().startsWith(iso.slice(0, 16));
  return isReal && instantMs >= 0 ? instantMs : undefined;
}
