import { type Compare, isWithin } from '../facts/range.ts';
import type { Extent } from './tree-parts.ts';

/** Whether a value is the one asked for, or lies in the range asked for. */
export const isInExtent = <Value>(extent: Extent<Value>, value: Value, compare: Compare<Value>): boolean =>
  'exactly' in extent ? compare(extent.exactly, value) === 0 : isWithin(extent, value, compare);
