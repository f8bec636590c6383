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
      return /^\d{1,9}(\.\d{1,9}){0,3}$/.test(value) ? versionText(value) : undefined;
    case 'instant': {
      const instantMs = Date.parse(value);
      return Number.isNaN(instantMs) ? undefined : instantMs;
    }
    default:
      return kind satisfies never;
  }
}

const zeros = '000000000';
const noPart = '.000000000';

/** Four parts of nine digits, so that the order of texts is that of versions. */
function versionText(version: string): string {
  let text = '';
  let parts = 0;
  for (let at = 0; at <= version.length; parts++) {
    const dot = version.indexOf('.', at);
    const end = dot < 0 ? version.length : dot;
    text += `${parts === 0 ? '' : '.'}${zeros.slice(end - at)}${version.slice(at, end)}`;
    at = end + 1;
  }
  return text + noPart.repeat(4 - parts);
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
