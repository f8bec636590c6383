import type { Compare } from '../facts/range.ts';
import type { LeafCondition } from './compiled-rule.ts';

/** Kinds of conditions that ask for a range. */
export type RangeCondition = Extract<LeafCondition, { kind: 'number' | 'hex' | 'version' | 'instant' }>;
export type RangeKind = RangeCondition['kind'];

/** A value in a form that `<` orders among values of its kind. */
export type Comparable = number | bigint | string;

/** A value of a fact, or an end of a range, ready to be compared; undefined when it is none of that kind. */
export function comparableOf(kind: RangeKind, value: unknown): Comparable | undefined {
  if (kind === 'number') return typeof value === 'number' && Number.isInteger(value) ? value : undefined;
  if (typeof value !== 'string') return undefined;
  switch (kind) {
    case 'hex':
      return /^0x[0-9a-f]{1,16}$/i.test(value) ? BigInt(value) : undefined;
    case 'version':
      return versionText(value);
    case 'instant': {
      const instantMs = Date.parse(value);
      return Number.isNaN(instantMs) ? undefined : instantMs;
    }
    default:
      return kind satisfies never;
  }
}

const [zero, nine, dot] = [0x30, 0x39, 0x2e];
const low = 0x7fff;

/**
 * A version of up to four parts of up to nine digits as a text of two letters for each part, fifteen bits in a letter,
 * so that the order of texts is that of versions; undefined for anything else.
 */
function versionText(version: string): string | undefined {
  const numbers: [number, number, number, number] = [0, 0, 0, 0];
  let [part, number, digits] = [0, 0, 0];
  for (let at = 0; at <= version.length; at++) {
    const unit = at < version.length ? version.charCodeAt(at) : dot;
    if (unit >= zero && unit <= nine && digits < 9) {
      number = number * 10 + unit - zero;
      digits++;
    } else if (unit === dot && digits > 0 && part < 4) {
      numbers[part++] = number;
      [number, digits] = [0, 0];
    } else {
      return undefined;
    }
  }
  const [a, b, c, d] = numbers;
  return String.fromCharCode(a >> 15, a & low, b >> 15, b & low, c >> 15, c & low, d >> 15, d & low);
}

/** Both ends of a condition's range, ready to be compared. */
export const endsOf = ({ kind, range }: RangeCondition) => ({
  from: range.from === undefined ? undefined : comparableOf(kind, range.from),
  until: range.until === undefined ? undefined : comparableOf(kind, range.until),
});

/** Orders values of one kind that are known to be such. */
export const compareAs =
  (kind: RangeKind): Compare<string | number> =>
  (a, b) => {
    const [left, right] = [comparableOf(kind, a)!, comparableOf(kind, b)!];
    return left < right ? -1 : left > right ? 1 : 0;
  };
