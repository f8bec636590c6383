/** A half-open range: `from` belongs to it, `until` does not. An end that is absent is open. */
export interface Range<Value> {
  readonly from?: Value | undefined;
  readonly until?: Value | undefined;
}

/** Below zero when `a` comes first, zero when they are equal. */
export type Compare<Value> = (a: Value, b: Value) => number;

export const compareNumbers: Compare<number> = (a, b) => a - b;

/** Whether a value lies in the range. */
export function isWithin<Value>(range: Range<Value>, value: Value, compare: Compare<Value>): boolean {
  if (range.from !== undefined && compare(value, range.from) < 0) return false;
  return range.until === undefined || compare(value, range.until) < 0;
}

/** Whether no value can lie in the range. */
export const isEmptyRange = <Value>(range: Range<Value>, compare: Compare<Value>): boolean =>
  range.from !== undefined && range.until !== undefined && compare(range.from, range.until) >= 0;
