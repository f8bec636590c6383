import type { FactType } from '../facts/fact-definition.ts';
import { foldName } from '../facts/glob.ts';

/** A scalar value in the one form in which equal values are equal texts; undefined when it does not fit the type. */
export function canonicalValue(type: FactType, value: unknown): string | undefined {
  switch (type) {
    case 'text':
      return typeof value === 'string' ? foldName(value) : undefined;
    case 'number':
      return Number.isInteger(value) ? String(value) : undefined;
    case 'flag':
      return typeof value === 'boolean' ? String(value) : undefined;
    case 'hex64':
      return typeof value === 'string' && /^0x[0-9a-f]{1,16}$/i.test(value)
        ? value
            .slice(2)
            .toLowerCase()
            .replace(/^0+(?=.)/, '')
        : undefined;
    case 'version':
      return typeof value === 'string' && /^\d{1,9}(\.\d{1,9}){0,3}$/.test(value)
        ? value
            .split('.')
            .map(Number)
            .join('.')
            .replace(/(\.0)+$/, '')
        : undefined;
    case 'instant': {
      const instantMs = typeof value === 'string' ? Date.parse(value) : Number.NaN;
      return Number.isNaN(instantMs) ? undefined : String(instantMs);
    }
    case 'file':
    case 'search':
      return undefined;
    default:
      return type satisfies never;
  }
}
