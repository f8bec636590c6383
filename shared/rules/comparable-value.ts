import type { Compare } from '../facts/range.ts';
import type { LeafCondition } from './compiled-rule.ts';

/** Kinds of conditions that ask for a range. */
export type RangeCondition = Extract<LeafCondition, { kind: 'number' | 'hex' | 'version' | 'instant' }>;
export type RangeKind = RangeCondition['kind'];

/** As many numbers as order the values of a kind, the most telling first. */
export const widthOf = { number: 1, instant: 1, hex: 2, version: 4 } as const satisfies Record<
  RangeKind,
  number
>;

/** A value, or an end of a range, as the numbers that order it among values of its kind. */
export type Comparable = ArrayLike<number>;

/** Reads a value into these numbers; false, and they are anything, when it is none of that kind. */
export function readComparable(kind: RangeKind, value: unknown, into: Float64Array): boolean {
  if (kind === 'number') {
    if (!Number.isInteger(value)) return false;
    into[0] = value as number;
    return true;
  }
  if (typeof value !== 'string') return false;
  switch (kind) {
    case 'hex':
      return readHex(value, into);
    case 'version':
      return readVersion(value, into);
    case 'instant':
      return !Number.isNaN((into[0] = Date.parse(value)));
    default:
      return kind satisfies never;
  }
}

/** The same in an array of its own; undefined when it is none of that kind. */
export function comparableOf(kind: RangeKind, value: unknown): Comparable | undefined {
  const numbers = new Float64Array(widthOf[kind]);
  return readComparable(kind, value, numbers) ? numbers : undefined;
}

function readHex(text: string, into: Float64Array): boolean {
  if (!/^0x[0-9a-f]{1,16}$/i.test(text)) return false;
  const middle = Math.max(2, text.length - 8);
  into[0] = middle === 2 ? 0 : Number.parseInt(text.slice(2, middle), 16);
  into[1] = Number.parseInt(text.slice(middle), 16);
  return true;
}

const [zero, nine, dot] = [0x30, 0x39, 0x2e];

/** Up to four parts of up to nine digits; what is not written is zero. */
function readVersion(version: string, into: Float64Array): boolean {
  let [part, number, digits] = [0, 0, 0];
  for (let at = 0; at <= version.length; at++) {
    const unit = at < version.length ? version.charCodeAt(at) : dot;
    if (unit >= zero && unit <= nine && digits < 9) {
      number = number * 10 + unit - zero;
      digits++;
    } else if (unit === dot && digits > 0 && part < 4) {
      into[part++] = number;
      [number, digits] = [0, 0];
    } else {
      return false;
    }
  }
  while (part < 4) into[part++] = 0;
  return true;
}

/** Negative when `a` comes first. */
export function compareComparable(a: Comparable, b: Comparable): number {
  for (let at = 0; at < a.length; at++) {
    const difference = a[at]! - b[at]!;
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Both ends of a condition's range, ready to be compared. */
export const endsOf = ({ kind, range }: RangeCondition) => ({
  from: range.from === undefined ? undefined : comparableOf(kind, range.from),
  until: range.until === undefined ? undefined : comparableOf(kind, range.until),
});

/** Orders values of one kind that are known to be such. */
export const compareAs =
  (kind: RangeKind): Compare<string | number> =>
  (a, b) =>
    compareComparable(comparableOf(kind, a)!, comparableOf(kind, b)!);
